/* Which keys do something here. */
import { Dialog } from '../../shared/parts/ui';
import { keysNow } from '../lib/keys';
import { say } from '../words';

export function KeysHelp({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={say('keysHelp')} onClose={onClose}>
      <dl class="keys">
        {keysNow().map((one) => (
          <div key={one.key}>
            <dt>
              {one.key.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{one.words}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
