// What measures.py asks of a page. One expression: an object of functions, each of which may be called alone.
({
  pressed: "a[href], button, summary, textarea, select, input:not([type=hidden]), [role=button]",

  start: (e) => e.outerHTML.slice(0, 90),

  seen: (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !e.closest(".skip"),

  // [html, width, height, is it the main action]; a box to tick is as large as it and its label together.
  targets() {
    return [...document.querySelectorAll(this.pressed)].filter(this.seen).map((e) => {
      const labels = e.matches("[type=checkbox], [type=radio]") ? [...(e.labels ?? [])] : [];
      const boxes = [e, ...labels].map((one) => one.getBoundingClientRect());
      const side = (low, high) => Math.max(...boxes.map((b) => b[high])) - Math.min(...boxes.map((b) => b[low]));
      return [this.start(e), side("left", "right"), side("top", "bottom"), e.matches(".main-action, .button--main")];
    });
  },

  // [html, font size, is it a reading above a word]
  texts() {
    const written = (e) => [...e.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    const typed = "input:not([type=hidden], [type=checkbox], [type=radio]), select, textarea";
    return [...document.querySelectorAll("body *")]
      .filter((e) => this.seen(e) && !e.matches("rp, option, script, style, noscript") && (e.matches(typed) || written(e)))
      .map((e) => [this.start(e), parseFloat(getComputedStyle(e).fontSize), Boolean(e.closest("rt"))]);
  },

  sideways: () => document.documentElement.scrollWidth - document.documentElement.clientWidth,

  widest() {
    const wide = [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1).at(-1);
    return wide ? this.start(wide) : "";
  },

  // Numbers everything the keyboard should reach, in the order of the page; radio buttons of a group count once.
  focusable() {
    const groups = new Set();
    const all = "a[href], button:not([disabled]), summary, textarea, select, input:not([type=hidden]), audio[controls], [tabindex='0']";
    const first = (e) => e.type !== "radio" || (!groups.has(e.name) && Boolean(groups.add(e.name)));
    return [...document.querySelectorAll(all)]
      .filter((e) => e.checkVisibility({ visibilityProperty: true }) && e.tabIndex >= 0 && first(e))
      .map((e, number) => { e.dataset.order = number; return this.start(e); });
  },

  fromTheStart() {
    document.body.tabIndex = -1;
    document.body.focus();
    document.body.removeAttribute("tabindex");
    scrollTo(0, 0);
  },

  // Where the focus is, whether it has a ring, and whether something lies over it. A textarea shows the line one writes in.
  focused() {
    const e = document.activeElement;
    const [style, box] = [getComputedStyle(e), e.getBoundingClientRect()];
    const group = e.type === "radio" ? document.querySelector(`input[type=radio][name="${e.name}"][data-order]`) : e;
    const x = Math.min(Math.max(box.left + Math.min(box.width, 60) / 2, 0), innerWidth - 1);
    const middle = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
    const large = box.height > innerHeight / 2;
    const heights = large ? [middle] : e.matches("textarea") ? [box.top + 20] : [box.top + 4, box.bottom - 4];
    const page = [document.body, document.documentElement];
    const shows = (top) => e.contains(top) || (top.contains(e) && !page.includes(top)) || [...(e.labels ?? [])].some((l) => l.contains(top));
    return {
      order: Number((group ?? e).dataset.order ?? -1),
      html: this.start(e),
      ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 3,
      seen: heights.every((y) => { const top = document.elementFromPoint(x, y); return Boolean(top) && shows(top); }),
    };
  },

  // Where the way to a person stands: [left, right, bottom] edges as far from those of the screen, and how much one can press behind it.
  person() {
    const ways = [...document.querySelectorAll(".help-bar__call")].filter(this.seen);
    if (ways.length !== 1) return { ways: ways.length, edges: [], behind: [] };
    const bar = ways[0].closest(".help-bar").getBoundingClientRect();
    const all = [...document.querySelectorAll(this.pressed)].filter(this.seen);
    return {
      ways: 1,
      edges: [bar.left, document.documentElement.clientWidth - bar.right, innerHeight - bar.bottom].map(Math.round),
      behind: all.slice(all.indexOf(ways[0]) + 1).map(this.start),
    };
  },

  mainActions() {
    return [...document.querySelectorAll(".main-action, .button--main")].filter(this.seen).map(this.start);
  },

  // Whatever still moves or glides for somebody who asked for less motion; "showing" only fades.
  moving() {
    const status = document.querySelector("#status");
    status?.setAttribute("data-busy", "");
    const shown = [...document.querySelectorAll("*")].filter((e) => e.checkVisibility());
    const parts = shown.flatMap((e) => [null, "::before", "::after"].map((p) => [e, getComputedStyle(e, p)]));
    const moves = (s) => !["none", "showing"].includes(s.animationName) || parseFloat(s.transitionDuration) > 0.1;
    const found = parts.filter(([, style]) => moves(style)).map(([e]) => this.start(e));
    status?.removeAttribute("data-busy");
    return getComputedStyle(document.documentElement).scrollBehavior === "smooth" ? [...found, "smooth scrolling"] : found;
  },

  // What one presses that has neither an edge nor a line under it.
  borderless() {
    const lined = (e) => getComputedStyle(e).textDecorationLine.includes("underline");
    const edged = (e) => parseFloat(getComputedStyle(e).borderTopWidth) > 0 && getComputedStyle(e).borderTopStyle !== "none";
    return [...document.querySelectorAll(this.pressed)]
      .filter((e) => this.seen(e) && !e.matches("[type=checkbox], [type=radio], summary, .brand"))
      .filter((e) => !edged(e) && ![e, ...e.querySelectorAll("*")].some(lined))
      .map(this.start);
  },

  // [html, contrast of its edge with what is behind it] of every field and box to fill in; one without an edge has 1.
  edges() {
    const light = ([red, green, blue]) => {
      const part = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
    };
    const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
    const seenThrough = (colour) => numbers(colour)[3] === 0;
    const behind = (e) => {
      for (let one = e.parentElement; one; one = one.parentElement) {
        const ground = getComputedStyle(one).backgroundColor;
        if (!seenThrough(ground)) return numbers(ground);
      }
      return [255, 255, 255];
    };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    return [...document.querySelectorAll("input:not([type=hidden]), select, textarea")].filter(this.seen).map((e) => {
      const { borderTopWidth, borderTopStyle, borderTopColor, appearance } = getComputedStyle(e);
      const drawn = parseFloat(borderTopWidth) >= 2 && borderTopStyle !== "none" && !seenThrough(borderTopColor);
      const own = drawn && (appearance === "none" || !e.matches("[type=checkbox], [type=radio]")); // the browser's own boxes: see page.css
      return [this.start(e), own ? ratio(numbers(borderTopColor), behind(e)) : 1];
    });
  },

  // On paper: dark grounds, and what can only be pressed.
  printed() {
    const grey = (colour) => {
      const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
      return alpha === 0 ? 255 : 0.3 * red + 0.6 * green + 0.1 * blue;
    };
    const spared = "svg, video";
    const pressed = "button:not([aria-pressed]), .button, .main-action, .choice-button, .live__stage";
    const dark = [document.body, ...document.querySelectorAll("body *")]
      .filter((e) => e.checkVisibility() && !e.closest(spared) && grey(getComputedStyle(e).backgroundColor) < 200)
      .map((e) => "dark ground: " + this.start(e));
    const useless = [...document.querySelectorAll(`.skip, .top .settings, .places, .desk__nav, ${pressed}`)].filter((e) => e.checkVisibility());
    return [...dark, ...useless.map((e) => "printed: " + this.start(e))];
  },
})
