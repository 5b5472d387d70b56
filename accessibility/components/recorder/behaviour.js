/* Records one spoken question: press to start, press again (or fall silent) to stop. It hands the recording on with the event
   "recorder:recorded" and waits for "recorder:done"; what is done with it is the page's business. "recorder:quiet": the microphone is
   closed again. On "recorder:leave" it closes and nothing is handed on. */
(() => {
  "use strict";
  const KINDS = ["audio/webm;codecs=opus", "audio/mp4", "audio/ogg;codecs=opus"];
  const NOBODY_MS = 12000; /* older people think before they speak */
  const REMIND_MS = 2200;
  const SILENCE_MS = 4000; /* a pause for breath is not the end */
  const VOICE_OVER_FLOOR_DB = 9;
  const HARDLY_A_SOUND_DB = -58;
  const NOISY_FLOOR_DB = -30;

  const loudness = (samples) => {
    let sum = 0;
    for (const sample of samples) sum += sample * sample;
    return 10 * Math.log10(sum / samples.length + 1e-10);
  };

  /* Judges where somebody speaks: louder than the room by a good step. The room is the quietest of the last seconds. */
  class Listener {
    constructor(now, longest) {
      this.began = now;
      this.longest = longest;
      this.spokenUntil = 0;
      this.peak = -100;
      this.levels = [];
    }

    hear(level, now) {
      this.levels.push(level);
      if (this.levels.length > 100) this.levels.shift();
      this.peak = Math.max(this.peak, level);
      this.floor = [...this.levels].sort((a, b) => a - b)[Math.floor(this.levels.length / 10)];
      if (level > Math.max(this.floor + VOICE_OVER_FLOOR_DB, HARDLY_A_SOUND_DB)) this.spokenUntil = now;
      return this.verdict(now);
    }

    verdict(now) {
      if (now - this.began > this.longest) return "long";
      if (!this.spokenUntil) return now - this.began > NOBODY_MS ? "over" : "";
      const quiet = now - this.spokenUntil;
      return quiet > SILENCE_MS ? "over" : quiet > REMIND_MS ? "still" : "";
    }
  }

  class Recorder {
    constructor(box) {
      this.box = box;
      this.button = box.querySelector("[data-record]");
      this.level = box.querySelector(".recorder__level");
      this.state = box.querySelector(".recorder__state");
      this.file = box.querySelector(".recorder__file");
      box.querySelector(".recorder__browser").hidden = !/\bLine\//.test(navigator.userAgent);
      if (!window.isSecureContext || !navigator.mediaDevices || !window.MediaRecorder) {
        this.say(window.isSecureContext ? "missing" : "insecure");
        return;
      }
      this.button.hidden = false;
      this.file.hidden = true;
      this.button.addEventListener("click", () => this.press());
      box.addEventListener("recorder:done", (event) => this.rest(event.detail));
      box.addEventListener("recorder:leave", () => { this.left = true; this.stop(); });
    }

    tell(what, detail) { this.box.dispatchEvent(new CustomEvent(`recorder:${what}`, { bubbles: true, detail })); }

    say(word) {
      Words.put(this.state, word ? this.box.dataset[word] || "" : "");
    }

    press() {
      if (this.recording) this.stop();
      else if (!("waiting" in this.box.dataset)) this.start();
    }

    async start() {
      this.tell("start");
      this.box.dataset.waiting = "";
      this.left = false;
      this.say("allow");
      try {
        this.stream = await navigator.mediaDevices.getUserMedia({
          audio: { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 },
        });
        if (this.left) this.silence(); else this.record();
      } catch (refusal) {
        const why = { NotAllowedError: "denied", SecurityError: "denied", NotReadableError: "taken", AbortError: "taken" };
        this.tell("quiet");
        this.rest({ word: why[refusal.name] || "missing" });
        this.file.hidden = false; /* a recording of the phone's own recorder can still be sent */
      }
    }

    record() {
      const mimeType = KINDS.find((kind) => MediaRecorder.isTypeSupported(kind));
      this.parts = [];
      this.recording = new MediaRecorder(this.stream, { mimeType, audioBitsPerSecond: 32000 });
      this.recording.ondataavailable = (event) => event.data.size && this.parts.push(event.data);
      this.recording.onstop = () => this.hand();
      this.recording.start(250);
      delete this.box.dataset.waiting;
      this.box.dataset.recording = "";
      this.level.hidden = false;
      this.say("listening");
      this.watch();
    }

    watch() {
      this.context = new AudioContext();
      const analyser = this.context.createAnalyser();
      analyser.fftSize = 2048;
      this.context.createMediaStreamSource(this.stream).connect(analyser);
      const samples = new Float32Array(analyser.fftSize);
      this.listener = new Listener(performance.now(), 1000 * this.box.dataset.longest);
      this.timer = setInterval(() => {
        analyser.getFloatTimeDomainData(samples);
        const level = loudness(samples);
        this.level.style.setProperty("--level", Math.min(Math.max((level + 60) / 50, 0.02), 1).toFixed(2));
        const verdict = this.listener.hear(level, performance.now());
        if (verdict === "over" || verdict === "long") this.stop(verdict);
        else this.say(verdict || "listening");
      }, 50);
    }

    stop(why = "") {
      if (!this.recording || this.recording.state === "inactive") return;
      clearInterval(this.timer);
      this.why = why;
      this.recording.stop();
      for (const track of this.stream.getTracks()) track.stop();
      this.context.close();
    }

    /* Allowed when nobody wants it any more. */
    silence() {
      for (const track of this.stream.getTracks()) track.stop();
      this.tell("quiet");
      this.rest();
    }

    hand() {
      const { peak, floor } = this.listener;
      const blob = new Blob(this.parts, { type: this.recording.mimeType });
      this.recording = null;
      this.tell("quiet");
      delete this.box.dataset.recording;
      this.level.hidden = true;
      if (this.left) return this.rest();
      if (peak < HARDLY_A_SOUND_DB) return this.rest({ word: "nothing" });
      this.box.dataset.waiting = "";
      this.say(this.why === "long" ? "long" : "sending");
      const detail = { blob, noisy: floor > NOISY_FLOOR_DB };
      this.tell("recorded", detail);
      return undefined;
    }

    rest({ word = "" } = {}) {
      delete this.box.dataset.waiting;
      this.say(word);
    }
  }

  for (const box of document.querySelectorAll("[data-recorder]")) box.recorder = new Recorder(box);
})();
