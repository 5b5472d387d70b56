// Watches a room over WHEP. One press begins; whatever breaks is mended without another press.
(() => {
  "use strict";
  const page = document.getElementById("main");
  const picture = document.getElementById("picture");
  const before = document.getElementById("before");
  const during = document.getElementById("during");
  const status = document.getElementById("status");
  const headers = { Authorization: `Bearer ${page.dataset.ticket}` };
  const FIRST_WAIT = 1000, LONGEST_WAIT = 15000, SILENT_AFTER = 4000;
  let connection = null, session = "", wanted = false, wait = FIRST_WAIT, timer = 0, frames = -1, silentSince = 0;

  const say = (name) => { status.textContent = page.dataset[name] || ""; status.toggleAttribute("data-busy", ["connecting", "lost", "waiting"].includes(name)); };

  const close = () => {
    clearTimeout(timer);
    if (session) fetch(session, { method: "DELETE", headers, keepalive: true }).catch(() => {});
    session = "";
    if (connection) { connection.onconnectionstatechange = null; connection.close(); }
    connection = null;
  };

  const again = (why, afterMs) => {
    if (!wanted) return;
    close();
    say(why);
    timer = setTimeout(begin, afterMs || wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };

  const iceServers = (link) => [...(link || "").matchAll(/<([^>]+)>; rel="ice-server"(?:; username="([^"]*)"; credential="([^"]*)")?/g)]
    .map(([, urls, username, credential]) => (username ? { urls, username, credential } : { urls }));

  const begin = async () => {
    const own = new RTCPeerConnection();
    connection = own;
    own.addTransceiver("video", { direction: "recvonly" });
    own.addTransceiver("audio", { direction: "recvonly" });
    own.ontrack = (event) => { if (picture.srcObject !== event.streams[0]) picture.srcObject = event.streams[0]; };
    own.onconnectionstatechange = () => { if (own === connection && ["failed", "closed"].includes(own.connectionState)) again("lost"); };
    try {
      await own.setLocalDescription(await own.createOffer());
      const reply = await fetch(`/whep/${page.dataset.room}`, { method: "POST", headers: { ...headers, "Content-Type": "application/sdp" }, body: own.localDescription.sdp });
      if (own !== connection) return;
      if (reply.status === 401) { location.reload(); return; }
      if (reply.status !== 201) { again(reply.status === 409 ? "waiting" : "lost", 1000 * Number(reply.headers.get("Retry-After") || 0)); return; }
      session = reply.headers.get("Location");
      const servers = iceServers(reply.headers.get("Link"));
      if (servers.length) own.setConfiguration({ iceServers: servers });
      await own.setRemoteDescription({ type: "answer", sdp: await reply.text() });
      picture.play().catch(() => {});
    } catch (error) {
      if (own === connection) again("lost");
    }
  };

  // A picture that stands still is noticed here, whatever the connection believes.
  const watchOver = () => {
    if (!wanted || !connection || !session) return;
    const shown = picture.getVideoPlaybackQuality().totalVideoFrames;
    const now = performance.now();
    if (shown !== frames) { frames = shown; silentSince = now; if (shown > 0) { wait = FIRST_WAIT; say("playing"); } } else if (now - silentSince > 2 * SILENT_AFTER) { silentSince = now; again("lost"); } else if (frames > 0 && now - silentSince > SILENT_AFTER) { say("lost"); }
  };
  setInterval(watchOver, 500);

  const show = (watching) => { before.hidden = watching; during.hidden = !watching; picture.controls = false; };

  document.getElementById("watch").addEventListener("click", () => {
    if (!window.RTCPeerConnection) { say("unable"); return; }
    wanted = true; wait = FIRST_WAIT; frames = -1; silentSince = performance.now();
    show(true); say("connecting"); begin();
  });
  document.getElementById("stop").addEventListener("click", () => {
    wanted = false; close(); picture.srcObject = null; show(false); say("stopped");
    document.getElementById("watch").focus();
  });
  document.getElementById("large").addEventListener("click", () => {
    const open = picture.requestFullscreen || picture.webkitEnterFullscreen;
    if (open) Promise.resolve(open.call(picture)).catch(() => {});
  });
  window.addEventListener("online", () => again("lost", 1));
  window.addEventListener("pagehide", close);
})();
