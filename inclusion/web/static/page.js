/* Sends questions without leaving the page. Without this script every button still works as a plain form.
   Buttons that change how the whole page reads (letters, language) are left to the browser. */
(() => {
  "use strict";
  const form = document.getElementById("talk");
  const log = document.getElementById("log");
  const status = document.getElementById("status");
  if (!form || !log || !status || !window.fetch || !window.DOMParser) return;

  const say = (words, busy) => {
    status.toggleAttribute("data-busy", busy);
    Words.put(status, words);
  };

  const fields = (button) => {
    const sent = new URLSearchParams(new FormData(form));
    if (button.name) sent.set(button.name, button.value);
    return sent;
  };

  const partOf = (page, selector) => {
    const fresh = page.querySelector(selector);
    const old = document.querySelector(selector);
    if (fresh && old) old.replaceWith(fresh);
  };

  const closeOlderTurns = () => {
    for (const tools of log.querySelectorAll(".choices, .again")) tools.remove();
  };

  /* The person asked the bot for other letters or another language: the frame of the page follows. */
  const readOtherwise = (page) => {
    const [now, then] = [document.documentElement, page.documentElement];
    const same = now.lang === then.lang && now.dataset.furigana === then.dataset.furigana;
    now.dataset.letters = then.dataset.letters;
    now.dataset.furigana = then.dataset.furigana;
    Object.assign(form.dataset, page.getElementById("talk").dataset); /* voice, speed, and what this script says */
    for (const part of [".settings", "#kana"]) partOf(page, part);
    if (same) return [];
    now.lang = then.lang;
    const [recorder, fresh] = [document.querySelector(".recorder"), page.querySelector(".recorder")];
    if (recorder && fresh) {
      Object.assign(recorder.dataset, fresh.dataset); /* what it may say; it keeps its microphone */
      const [label, its] = [recorder, fresh].map((one) => one.querySelector(".recorder__label"));
      label.innerHTML = its.innerHTML;
    }
    return [".skip", ".top", ".help-bar", ".places", ".main-action"];
  };

  /* Reading aloud with the voice of this device, where it has one for the language; the button is hidden otherwise. */
  const voices = window.speechSynthesis;
  const wordsOf = (turn) => JSON.parse(turn.dataset.spoken || "[]"); /* [[language, words], …] */
  const canSpeak = (language) => Boolean(voices) && voices.getVoices().some((voice) => voice.lang.startsWith(language.slice(0, 2)));
  const offerVoice = () => {
    for (const button of log.querySelectorAll("[data-listen], [data-aloud]")) {
      const turn = button.closest(".turn");
      button.hidden = !turn.dataset.speech && !wordsOf(turn).some(([language]) => canSpeak(language));
    }
  };
  /* The town's own voice reads names and fees right; the device's is for when there is none. A second press stops it. */
  const sound = new Audio();
  const early = sound.canPlayType("audio/ogg; codecs=opus"); /* Opus begins while the rest is still being spoken */
  let waiting = null; /* the button pressed, while its sound is being made: a second or more, which both button and page say */
  const heard = () => {
    if (waiting) say("", false);
    waiting?.removeAttribute("data-busy");
    waiting = null;
  };
  sound.addEventListener("playing", heard);
  const listen = (turn) => {
    if (turn.dataset.speech) {
      const playing = !sound.paused && !sound.ended;
      sound.pause();
      if (playing || waiting) return heard();
      waiting = turn.querySelector("[data-listen]");
      waiting?.setAttribute("data-busy", "");
      say(form.dataset.preparing, true);
      sound.src = early ? turn.dataset.speech.replace(/\.m4a$/, ".ogg") : turn.dataset.speech;
      sound.play().catch((refused) => {
        if (refused.name === "AbortError") return; /* stopped, or another answer was asked for */
        heard();
        say(form.dataset.unreachable, false);
      });
      return;
    }
    const speaking = voices.speaking;
    voices.cancel();
    if (speaking) return;
    for (const [language, words] of wordsOf(turn).filter(([one]) => canSpeak(one))) {
      const said = new SpeechSynthesisUtterance(words);
      said.lang = language;
      said.rate = Number(form.dataset.speed) / 100;
      voices.speak(said);
    }
  };
  log.addEventListener("click", (event) => {
    const button = event.target.closest("[data-listen]");
    if (button) listen(button.closest(".turn"));
  });
  voices?.addEventListener?.("voiceschanged", offerVoice);
  offerVoice();

  const show = (page) => {
    const problem = page.querySelector(".problem");
    document.querySelector(".problem")?.remove();
    if (problem) {
      form.querySelector(".recorder, .question").before(problem);
      return;
    }
    const turn = page.querySelector("#log > .turn");
    if (!turn) throw new Error("no answer in the page");
    const heldFocus = log.contains(document.activeElement);
    closeOlderTurns();
    document.querySelectorAll(".hello, .samples").forEach((part) => part.remove());
    log.append(turn);
    for (const part of ["#carried", ".question__label", ...readOtherwise(page)]) partOf(page, part);
    document.title = page.title;
    offerVoice();
    if (heldFocus) turn.focus({ preventScroll: true }); /* the pressed button is gone: stay where the person was */
    turn.scrollIntoView({ block: "start" });
  };

  const send = async (address, sent) => {
    const reply = await fetch(address, { method: "POST", body: sent, headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await reply.text(), "text/html");
    if (!page.getElementById("talk")) throw new Error("not a chat page");
    show(page);
    return reply;
  };

  /* A spoken question: what was heard is shown, and the answer is spoken at once, for whoever speaks wants to listen. */
  const hush = () => {
    sound.pause();
    heard();
    voices?.cancel();
  };
  form.addEventListener("recorder:start", hush);
  form.addEventListener("recorder:recorded", async (event) => {
    const { target, detail } = event;
    const sent = new FormData(form);
    sent.set("recording", detail.blob, "question");
    let word = "";
    try {
      const reply = await send("/spoken", sent);
      if (reply.ok && form.dataset.voice === "on") listen(log.lastElementChild);
      if (!reply.ok && detail.noisy) word = "noisy";
    } catch {
      say(form.dataset.unreachable, false);
    }
    target.dispatchEvent(new CustomEvent("recorder:done", { detail: { word } }));
  });

  form.addEventListener("submit", async (event) => {
    const button = event.submitter;
    if (!button || !("inPlace" in button.dataset)) return;
    event.preventDefault();
    if (form.dataset.busy) return; /* a second tap */
    form.dataset.busy = "yes";
    const box = form.querySelector("textarea");
    const sent = fields(button);
    const slower = sent.get("again") === "slower";
    if (slower) hush();
    say(form.dataset.thinking, true);
    try {
      const reply = await send(form.action, sent);
      if (!sent.has("again") && !sent.has("choice") && reply.ok) box.value = "";
      say("", false);
      if (slower && reply.ok) listen(log.lastElementChild); /* at once, at the new pace */
    } catch {
      say(form.dataset.unreachable, false);
    } finally {
      delete form.dataset.busy;
    }
  });
})();
