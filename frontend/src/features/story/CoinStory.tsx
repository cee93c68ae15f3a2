import { Button } from '../../components/Button';
import { Dialog } from '../../components/Dialog';
import { Notice } from '../../components/Notice';
import { SYMBOL_PATTERN } from '../../lib/api/rules';
import styles from './CoinStory.module.css';
import { Story } from './Story';

interface CoinStoryProps {
  /** Whatever the address says: it need not be a symbol. */
  symbol: string;
  onClose: () => void;
}

/** The story of a coin: what it is now, what this page saw of it, and where each read of it comes from. */
export function CoinStory({ symbol, onClose }: CoinStoryProps) {
  const isSymbol = new RegExp(SYMBOL_PATTERN).test(symbol);
  const name = isSymbol ? symbol.toUpperCase() : symbol;
  return (
    <Dialog kind="sheet" title={isSymbol ? name : 'No such coin'} onClose={onClose}>
      <Button className={styles.close} onClick={onClose}>
        Close
      </Button>
      {isSymbol ? (
        <Story symbol={name} onClose={onClose} />
      ) : (
        <Notice
          tone="warning"
          title={`“${symbol}” is not a symbol`}
          action={<Button onClick={onClose}>Back to the ranking</Button>}
        >
          Symbols are 1 to 10 letters and digits, such as BTC.
        </Notice>
      )}
    </Dialog>
  );
}
