/** What jsdom lacks of a browser, as far as the page needs it. Real browsers are tested in tests/page and tests/e2e. */

const FOCUSABLE = 'button, input, select, textarea, a[href], [tabindex]';

/** A dialog that takes the focus and gives it back, as HTML says; nothing outside of it is inert here. */
function addDialogs(): void {
  const before = new WeakMap<HTMLDialogElement, Element | null>();
  HTMLDialogElement.prototype.showModal = function showModal() {
    before.set(this, document.activeElement);
    this.open = true;
    this.querySelector<HTMLElement>(FOCUSABLE)?.focus();
  };
  HTMLDialogElement.prototype.close = function close() {
    this.open = false;
    const opener = before.get(this);
    if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
  };
}

/** No media query holds. */
function addMediaQueries(): void {
  window.matchMedia = (media) =>
    Object.assign(new EventTarget(), {
      media,
      matches: false,
      onchange: null,
      addListener: () => undefined,
      removeListener: () => undefined,
    });
}

/** Nothing has a size that could change. */
class NoResizes implements ResizeObserver {
  observe(): void {
    // No layout, no changes.
  }
  unobserve(): void {
    // See above.
  }
  disconnect(): void {
    // See above.
  }
}

export function completeBrowser(): void {
  addDialogs();
  addMediaQueries();
  window.ResizeObserver = NoResizes;
  Element.prototype.animate = () => ({}) as Animation;
  window.scrollTo = () => undefined;
}
