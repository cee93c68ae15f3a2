import { Component, type ErrorInfo, type ReactNode } from 'react';

import { Button } from '../components/Button';
import { Notice } from '../components/Notice';
import styles from './App.module.css';

interface ErrorBoundaryProps {
  children: ReactNode;
}

/** Shows a way on where the page itself is broken. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo) {
    console.error('The page broke', error, info.componentStack);
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main className={styles.page}>
        <Notice
          tone="danger"
          title="The page broke"
          action={
            <Button
              onClick={() => {
                window.location.reload();
              }}
            >
              Reload
            </Button>
          }
        >
          Nothing was lost: all coins are in the database. The browser&apos;s console says what happened.
        </Notice>
      </main>
    );
  }
}
