import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';

interface NoMatchProps {
  search: string;
  /** Not all coins are listed: one of that symbol may be there nevertheless. */
  isPartial: boolean;
  onOpen: (symbol: string) => void;
  onClear: () => void;
}

/** No coin listed has a symbol that contains what is searched for. */
export function NoMatch({ search, isPartial, onOpen, onClear }: NoMatchProps) {
  return (
    <Notice
      tone="info"
      title={`No coin matches “${search}”`}
      action={
        <>
          {isPartial && (
            <Button
              onClick={() => {
                onOpen(search);
              }}
            >
              Ask for {search}
            </Button>
          )}
          <Button onClick={onClear}>Show all coins</Button>
        </>
      }
    >
      {isPartial
        ? 'Not all coins are listed here: the API knows the rest.'
        : 'Symbols are letters and digits.'}
    </Notice>
  );
}
