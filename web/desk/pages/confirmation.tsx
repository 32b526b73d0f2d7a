/* One of those that ask to be confirmed: /desk/confirmations/{id}; ?view=mandates: who acts for somebody. */
import type { Me } from '../../api';
import type { Where } from '../../shared/router';
import { MandatePage } from '../standing/mandate';
import { OrganisationPage } from '../standing/organisation';
import { asked } from '../standing/words';

export default function ConfirmationPage({ where, me }: { where: Where; me: Me }) {
  const id = where.parts[1]!;
  return asked(where.query) === 'mandates' ? <MandatePage id={id} me={me} /> : <OrganisationPage id={id} me={me} />;
}
