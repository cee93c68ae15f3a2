import { createContext, useContext, type Provider } from 'react';

/** A context without a default: its hook throws outside of its provider. */
export function requiredContext<T extends object>(name: string): [Provider<T | null>, () => T] {
  const context = createContext<T | null>(null);
  const useRequired = (): T => {
    const value = useContext(context);
    if (value === null) throw new Error(`${name} is used outside of its provider`);
    return value;
  };
  return [context.Provider, useRequired];
}
