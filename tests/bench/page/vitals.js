// What the browser itself measures of the page, from the first moment on; vitals.py reads it.
const vitals = {
  tasks: [],
  events: [],
  answers: [],
  firstRows: null,

  /** Milliseconds from the navigation until the answer came with which all of so many coins were there, or null. */
  loadedAt(coins) {
    const missing = new Set(Array.from({ length: Math.ceil(coins / 100) }, (_, hundred) => hundred * 100));
    for (const { name, responseEnd } of this.answers.sort((a, b) => a.responseEnd - b.responseEnd)) {
      const { pathname, searchParams } = new URL(name);
      if (pathname !== '/api/v1/bitcoins') continue;
      const offset = Number(searchParams.get('offset') ?? 0);
      const end = offset + Number(searchParams.get('limit') ?? 100);
      for (let hundred = offset; hundred < end; hundred += 100) missing.delete(hundred);
      if (missing.size === 0) return responseEnd;
    }
    return null;
  },

  /** Milliseconds from the input until the next paint, of the slowest interaction, as web-vitals has it. */
  slowestInteraction() {
    return Math.max(0, ...this.events.filter(({ interactionId }) => interactionId > 0).map(({ duration }) => duration));
  },
};
window.vitals = vitals;

function collect(type, into, options = {}) {
  new PerformanceObserver((list) => into.push(...list.getEntries())).observe({ type, buffered: true, ...options });
}

collect('longtask', vitals.tasks);
collect('event', vitals.events, { durationThreshold: 16 });
collect('resource', vitals.answers);

new MutationObserver((_, observer) => {
  if (document.querySelector('[aria-label*="edit the price of"]') === null) return;
  observer.disconnect();
  requestAnimationFrame(() => {
    // Its turn comes behind the frame's paint.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      vitals.firstRows = performance.now();
    };
    port2.postMessage(null);
  });
}).observe(document, { childList: true, subtree: true });
