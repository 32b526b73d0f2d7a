/* A case that is there, but on another desk than one's own. */
import { ButtonLink, Empty } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';

const own = sayFrom({ list: ['Về danh sách', 'To the list'] });

export const Elsewhere = ({ title, to }: { title: string; to: string }) => (
  <Empty page icon="search" title={title}>
    <ButtonLink href={to}>{own('list')}</ButtonLink>
  </Empty>
);
