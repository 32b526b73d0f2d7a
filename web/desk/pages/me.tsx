/* Who I am, how I sign in and where, and what this desk may do to be heard. */
import type { Me } from '../../api';
import { agencyName } from '../../shared/catalogue';
import { Check, Title } from '../../shared/parts/ui';
import { useWatched } from '../../shared/store';
import { sayFrom } from '../../shared/words';
import { bell, ring, setBell } from '../lib/bell';
import { useCatalogue } from '../lib/catalogue';
import { Keys } from '../me/keys';
import { Password, RecoveryCodes } from '../me/password';
import { Sessions } from '../me/sessions';
import { roleWord, say } from '../words';

const own = sayFrom({
  title: ['Chức danh', 'Title'],
  role: ['Vai trò', 'Role'],
  here: ['Trên máy này', 'On this computer'],
  bell: ['Chuông khi có phản ánh khẩn cấp mới', 'A sound for each new emergency'],
  bellHint: ['Tắt nếu nhiều người ngồi chung phòng; dải đỏ trên trang vẫn hiện.', 'Turn it off where many share a room; the red bar is shown all the same.'],
});

export default function MePage({ me }: { me: Me }) {
  const catalogue = useCatalogue();
  const rings = useWatched(bell);
  const turn = (on: boolean) => {
    setBell(on);
    if (on) ring(); // so that one knows what it sounds like
  };
  return (
    <div class="narrow-page stack">
      <Title>{me.name}</Title>
      <dl class="card facts across">
        <div>
          <dt>{own('title')}</dt>
          <dd>{me.title ?? '–'}</dd>
        </div>
        <div>
          <dt>{own('role')}</dt>
          <dd id="who-role">{roleWord(me.role)}</dd>
        </div>
        <div>
          <dt>{say('agency')}</dt>
          <dd id="who-agency">{agencyName(catalogue.data, me.agency)}</dd>
        </div>
      </dl>
      <Keys />
      <Password />
      <RecoveryCodes />
      <Sessions />
      <section class="card" aria-labelledby="here-title">
        <h2 id="here-title">{own('here')}</h2>
        <Check id="bell" checked={rings} onChange={turn} hint={own('bellHint')}>
          {own('bell')}
        </Check>
      </section>
    </div>
  );
}
