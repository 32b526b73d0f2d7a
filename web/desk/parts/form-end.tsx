/* How every form ends: leave it, or send it by the button that says what is done. */
import type { ComponentChildren } from 'preact';
import { Button } from '../../shared/parts/ui';
import { say } from '../words';

export const FormEnd = ({ onLeave, busy = false, look = 'main', children }: { onLeave: () => void; busy?: boolean; look?: 'main' | 'danger'; children: ComponentChildren }) => (
  <div class="row end">
    <Button look="quiet" onClick={onLeave}>
      {say('leaveIt')}
    </Button>
    <Button type="submit" look={look} busy={busy}>
      {children}
    </Button>
  </div>
);
