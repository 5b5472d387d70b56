/* Puts words into the page. Whoever reads with kana gets them above what a script says too: the page brings such words along, drawn
   (kana.html), and they are copied. Text goes in as text only; {names} in it are filled. Words that stand there already are left alone:
   put in again they would be read out again. */
globalThis.Words = (() => {
  "use strict";
  const said = new WeakMap();
  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
  const now = (element) => said.get(element) ?? element.textContent;

  const drawn = (words, values) => {
    const brought = document.querySelector(`#kana > [data-words="${CSS.escape(words)}"]`);
    if (!brought) return document.createTextNode(filled(words, values));
    const copy = brought.content.cloneNode(true);
    const texts = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.data = filled(texts.currentNode.data, values);
    return copy;
  };

  const put = (element, words, values = {}) => {
    const wanted = filled(words, values);
    if (now(element) === wanted) return;
    said.set(element, wanted);
    element.replaceChildren(drawn(words, values));
  };

  return { now, put };
})();
