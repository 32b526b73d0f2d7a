/* Beside each other, officers see what the other did before they do the same. */
import { Button, Note } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { say } from '../words';

const own = sayFrom({ changed: ['Vừa có thay đổi: {0}.', 'This has just changed: {0}.'] });

export const Changed = ({ verb, onSeen }: { verb: string; onSeen: () => void }) => (
  <Note tone="warn" icon="people" live>
    <div class="row spread">
      <span>{own('changed', verb)}</span>
      <Button look="quiet" onClick={onSeen}>
        {say('close')}
      </Button>
    </div>
  </Note>
);
