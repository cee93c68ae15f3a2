/** Those who want to know when something changes, in the form that React's `useSyncExternalStore` asks for. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns what ends it. */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly tell = (): void => {
    this.#listeners.forEach((listener) => {
      listener();
    });
  };
}
