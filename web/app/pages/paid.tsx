/* Back from the payment provider: to the dossier whose fee it was. Whether it was paid, the dossier asks. */
import { useEffect } from 'preact/hooks';
import { go } from '../../shared/router';
import { takePaying } from '../parts/payment';
import { Loading } from '../../shared/parts/ui';

export default function Paid() {
  useEffect(() => {
    const dossier = takePaying();
    go(dossier ? `/app/dossiers/${encodeURIComponent(dossier)}` : '/app/mine?tab=dossiers', true);
  }, []);
  return <Loading />;
}
