/* Looking through, and sending: at once if there is a network, else when there is one. Signing in is asked for here. */
import { useEffect, useState } from 'preact/hooks';
import { sayFrom } from '../../shared/words';
import { communeName, useCatalogue } from '../lib/catalogue';
import { changeDraft, claim, getDraft, isFiled, isUnclaimed, onDrafts, recall, type ReportDraft } from '../lib/db';
import { go, Link } from '../../shared/router';
import { acting } from '../lib/acting';
import { useOnline } from '../lib/online';
import { outcome, sending, sendNow } from '../lib/sender';
import { signed } from '../lib/state';
import { useWatched } from '../../shared/store';
import { say } from '../lib/words';
import type { StepProps } from '../pages/report';
import { OfCategory } from '../parts/of-category';
import { SignIn } from '../parts/sign-in';
import { DropDraft } from '../parts/sure';
import { Button, ButtonLink, Check, Note, Tag } from '../../shared/parts/ui';
import { Progress } from './progress';
import { Kept } from './photo-grid';

const own = sayFrom({
  consent: ['Cho cơ quan xem tên và số điện thoại của tôi', 'Let the agency see my name and number'],
  consentWords: ['Để hỏi thêm khi cần. Mỗi lần có người xem, bạn đều được báo. Không chọn thì họ chỉ hỏi bạn qua ứng dụng.', 'So that they can ask. You are told each time somebody looks. Without it they can ask through the app only.'],
  send: ['Gửi phản ánh', 'Send the report'],
  sendOffline: ['Gửi khi có mạng', 'Send when there is a network'],
  signIn: ['Xác nhận số điện thoại để gửi', 'Confirm your number to send'],
  signInLater: ['Không có mạng nên chưa xác nhận được số điện thoại. Phản ánh được giữ trên máy; khi có mạng, mở ứng dụng để xác nhận và gửi.', 'Without a network your number cannot be confirmed. The report is kept on this phone; open the app when there is a network to confirm and send.'],
  signInSend: ['Xác nhận và gửi', 'Confirm and send'],
  yours: ['Gửi phản ánh này bây giờ?', 'Send this report now?'],
  yoursWords: ['Phản ánh được viết khi chưa ai đăng nhập, nên chưa gửi. Hãy xem lại ở trên; bạn gửi thì phản ánh là của bạn.', 'It was written while nobody was signed in, so it has not been sent. Look at it above; if you send it, it is yours.'],
  mend: ['Còn thiếu. Chạm để bổ sung:', 'Something is missing. Tap to mend it:'],
  filedWords: ['Mã số {0}. Cơ quan phụ trách đã nhận được. Bạn sẽ được báo mỗi khi có tiến triển.', 'Number {0}. The agency in charge has it. You are told of every step.'],
  follow: ['Theo dõi phản ánh', 'Follow it'],
  photosFollow: ['Ảnh đang được gửi tiếp. Có thể đóng ứng dụng, ảnh không mất.', 'The photos are on their way. You can close the app; nothing is lost.'],
  waiting: ['Đang chờ gửi. Có thể đóng ứng dụng, phản ánh không mất.', 'Waiting to be sent. You can close the app; nothing is lost.'],
  refused: ['Chưa gửi được: {0}', 'It was not taken: {0}'],
  change: ['Sửa lại', 'Change it'],
  drop: ['Xoá bản này', 'Delete it'],
  for: ['Phản ánh này được gửi thay cho {0}.', 'This report is sent for {0}.'],
  photos: ['{0} ảnh', 'photos: {0}'],
  videos: ['{0} video', '{0} video'],
  emergency: ['Đang nguy hiểm đến tính mạng', 'Lives are in danger now'],
  agencyOnly: ['Chỉ cơ quan', 'Agency only'],
  noPhotos: ['Không có ảnh', 'No photos'],
});

/* "2 photos, 1 video" */
function brief(draft: ReportDraft): string {
  const videos = draft.photos.filter((one) => one.video).length;
  const photos = draft.photos.length - videos;
  if (photos + videos === 0) return own('noPhotos');
  return [photos > 0 && own('photos', photos), videos > 0 && own('videos', videos)].filter(Boolean).join(', ');
}

function Summary({ draft, mayEdit }: { draft: ReportDraft; mayEdit: boolean }) {
  const catalogue = useCatalogue();
  const edit = (step: string) => mayEdit && (
    <Link href={`/app/report/${draft.id}/${step}`} class="small">
      {say('edit')}
    </Link>
  );
  return (
    <section class="card">
      <div class="row spread">
        <h2>
          <OfCategory code={draft.category} catalogue={catalogue.data} />
        </h2>
        {edit('what')}
      </div>
      <p class="lines">{draft.text}</p>
      {draft.emergency && <Tag tone="bad">{own('emergency')}</Tag>}
      <div class="row spread">
        <p>
          {communeName(catalogue.data, draft.commune)}
          {draft.address && ` · ${draft.address}`}
        </p>
        {edit('place')}
      </div>
      <div class="row spread">
        <p class="soft">{brief(draft)}</p>
        {edit('photos')}
      </div>
      {draft.photos.length > 0 && (
        <ul class="photos">
          {draft.photos.map((photo) => (
            <li key={photo.id} class="photo">
              <Kept photo={photo} alt="" />
              {photo.agencyOnly && <span class="photo-mark">{own('agencyOnly')}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

/* As it is kept now: the outbox, or the worker, goes on with it meanwhile. */
export function useKept(draft: ReportDraft): ReportDraft {
  const [kept, set] = useState(draft);
  useEffect(() => {
    const read = () => void getDraft(draft.id).then((found) => found && set(found));
    read();
    return onDrafts(read);
  }, [draft.id]);
  return kept;
}

function Sent({ draft }: { draft: ReportDraft }) {
  return (
    <section class="card" role="status">
      <p>{own('filedWords', draft.number ?? '')}</p>
      {draft.photos.length > 0 && <Progress draft={draft} />}
      {draft.state === 'following' && <p class="small soft">{own('photosFollow')}</p>}
      <ButtonLink href={`/app/reports/${draft.report}`} look="main" wide>
        {own('follow')}
      </ButtonLink>
      <ButtonLink href="/">{say('toHome')}</ButtonLink>
    </section>
  );
}

/* Signing in in front of the report is saying that it is one's own: it goes. Who is signed in already is asked. */
function Waiting({ draft }: { draft: ReportDraft }) {
  const online = useOnline();
  const isSigned = useWatched(signed);
  const last = useWatched(outcome);
  const busy = useWatched(sending);
  const send = () => claim(draft.id).then(sendNow);
  if (!isSigned || last === 'sign-in')
    return (
      <section class="card">
        <h2>{own('signIn')}</h2>
        {online ? <SignIn onDone={() => void send()} action={own('signInSend')} /> : <Note tone="warn">{own('signInLater')}</Note>}
      </section>
    );
  if (isUnclaimed(draft))
    return (
      <section class="card">
        <h2>{own('yours')}</h2>
        <p>{own('yoursWords')}</p>
        <Button look="main" wide onClick={() => void send()}>
          {online ? own('send') : own('sendOffline')}
        </Button>
      </section>
    );
  return (
    <section class="card">
      <Progress draft={draft} />
      <p class="small soft" role="status">
        {own('waiting')}
      </p>
      {!busy && <Button onClick={() => void sendNow()}>{say('again')}</Button>}
    </section>
  );
}

export function SendStep({ draft, change, faults }: StepProps) {
  const kept = useKept(draft);
  const whom = useWatched(acting);
  const online = useOnline();
  const missing = Object.values(faults);
  const send = async () => {
    const by = signed.get() ? await recall<string>('account') : undefined;
    await changeDraft(draft.id, (one) => {
      one.state = 'waiting';
      delete one.problem;
      one.by = by;
      one.for = acting.get();
    });
    if (signed.get()) await sendNow();
  };
  const reopen = async () => {
    await changeDraft(draft.id, (one) => void ((one.state = 'writing'), delete one.problem));
    change({ state: 'writing' });
    go(`/app/report/${draft.id}/what`);
  };
  if (isFiled(kept)) return <Sent draft={kept} />;
  return (
    <>
      {kept.state === 'refused' && (
        <Note tone="bad" icon="warn" live>
          {own('refused', kept.problem ?? '')}
        </Note>
      )}
      {missing.length > 0 && (
        <Note tone="warn" icon="warn">
          {own('mend')}
          <ul>
            {missing.map((fault) => (
              <li key={fault.words}>
                <Link href={`/app/report/${draft.id}/${fault.step}`}>{fault.words}</Link>
              </li>
            ))}
          </ul>
        </Note>
      )}
      <Summary draft={draft} mayEdit={kept.state !== 'waiting'} />
      {kept.state === 'waiting' ? (
        <Waiting draft={kept} />
      ) : (
        <>
          <Check id="consent" checked={draft.consent} onChange={(consent) => change({ consent })} hint={own('consentWords')}>
            {own('consent')}
          </Check>
          {whom && <Note tone="warn">{own('for', whom.name)}</Note>}
          <Button look="main" wide disabled={missing.length > 0} onClick={() => void send()}>
            {online ? own('send') : own('sendOffline')}
          </Button>
        </>
      )}
      <div class="row spread">
        {kept.state !== 'writing' && !kept.body && (
          <Button look="quiet" icon="back" onClick={() => void reopen()}>
            {own('change')}
          </Button>
        )}
        <DropDraft draft={kept} words={own('drop')} onDone={() => go('/', true)} />
      </div>
    </>
  );
}
