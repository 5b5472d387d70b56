// Others' clients as one script for a page of the tests.
import { WebRTCPlayer } from "@eyevinn/webrtc-player";
import { WHIPClient } from "@eyevinn/whip-web-client";

Object.assign(window, { WHIPClient, WebRTCPlayer });
