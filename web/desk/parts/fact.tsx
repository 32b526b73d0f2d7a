/* A fact and its name, in a <dl>; nothing where it is not known. */
import type { ComponentChildren } from 'preact';

export const Fact = ({ label, children }: { label: string; children: ComponentChildren }) =>
  children ? (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  ) : null;
