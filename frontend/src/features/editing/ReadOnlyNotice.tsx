import { Button } from '../../components/Button';
import { Notice } from '../../components/Notice';
import { useFocusOrigin } from '../../lib/hooks';
import { useEditing, type ReadOnly } from './context';

/** Says that writes are refused, as long as they are, with a way to try sooner. */
export function ReadOnlyNotice() {
  const { readOnly, endReadOnly } = useEditing();
  return readOnly === null ? null : <Refusal {...readOnly} onTryAgain={endReadOnly} />;
}

function Refusal({ detail, onTryAgain }: Pick<ReadOnly, 'detail'> & { onTryAgain: () => void }) {
  const focus = useFocusOrigin<HTMLDivElement>();
  return (
    <div {...focus}>
      <Notice
        tone="warning"
        title="Writes are refused for now"
        action={<Button onClick={onTryAgain}>Try again</Button>}
      >
        {detail} What you typed is kept.
      </Notice>
    </div>
  );
}
