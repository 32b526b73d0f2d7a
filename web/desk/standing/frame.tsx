/* The page of one who asks to be confirmed: what they declare, beside what happened and what may be decided. */
import type { ComponentChildren } from 'preact';
import { Title } from '../../shared/parts/ui';
import { sayFrom } from '../../shared/words';
import { Walk } from '../parts/walk';
import { Decide, type Decision } from './decide';
import { PapersSent, Standing, StandingTag, WhatHappened, type Happened } from './parts';
import { confirmationAt, type standingWord } from './words';

const own = sayFrom({ declared: ['Đã khai', 'What was declared'] });

interface Props {
  view: Parameters<typeof confirmationAt>[0];
  id: string;
  of: { state?: Parameters<typeof standingWord>[0]; papers?: Array<{ id?: string }> };
  title: ComponentChildren;
  happened: Happened[];
  decisions: Decision[];
  again: () => void;
  children: ComponentChildren; // facts
}

export const ConfirmationFrame = ({ view, id, of, title, happened, decisions, again, children }: Props) => (
  <div class="case">
    <div class="case-head">
      <Title up={confirmationAt(view)} beside={<Walk id={id} at={(next) => confirmationAt(view, next)} />}>
        {title}
      </Title>
      <div class="case-brief row">
        <StandingTag state={of.state} />
      </div>
    </div>
    <div class="case-said stack">
      <section class="card" aria-labelledby="declared-title">
        <h2 id="declared-title">{own('declared')}</h2>
        <dl class="facts across">{children}</dl>
      </section>
      <PapersSent papers={of.papers} />
    </div>
    <div class="case-rest stack">
      <WhatHappened entries={happened} />
    </div>
    <div class="case-side stack">
      <Standing state={of.state} />
      <Decide decisions={decisions} onConflict={again} />
    </div>
  </div>
);
