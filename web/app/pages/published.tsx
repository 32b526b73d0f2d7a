/* A published report: before and after, the answer, where; to be shared. */
import { useState } from 'preact/hooks';
import type { PublicReport } from '../../api';
import { get } from '../../shared/call';
import { momentOf } from '../../shared/format';
import { sayFrom } from '../../shared/words';
import { agencyName, categoryIcon, categoryName, communeName, useCatalogue, type Catalogue } from '../lib/catalogue';
import type { Where } from '../../shared/router';
import { useLoaded } from '../../shared/store';
import { outcomeWord, say, stateTone, stateWord } from '../lib/words';
import { LazyMap } from '../../shared/parts/lazy-map';
import { Photos, publicPhotos } from '../../shared/parts/photos';
import { OfCategory } from '../parts/of-category';
import { Stars } from '../parts/stars';
import { Button, FailedPage, Loading, Tag, Title } from '../../shared/parts/ui';

const own = sayFrom({
  share: ['Chia sẻ', 'Share'],
  copied: ['Đã chép liên kết', 'The link is copied'],
  where: ['Nơi phản ánh (vị trí gần đúng)', 'Where (roughly)'],
  filed: ['Gửi lúc', 'Filed'],
  answeredBy: ['{0} trả lời lúc {1}', 'Answered by {0}, {1}'],
  rated: ['Người gửi đánh giá', 'Rated by who reported it'],
  showMap: ['Xem trên bản đồ', 'Show on the map'],
});

function Share({ title }: { title: string }) {
  const [copied, set] = useState(false);
  const share = async () => {
    const what = { title, url: location.origin + location.pathname };
    if (navigator.share) return navigator.share(what).catch(() => undefined); // closed without sharing
    await navigator.clipboard?.writeText(what.url);
    set(true);
  };
  return (
    <Button icon={copied ? 'check' : 'share'} onClick={() => void share()}>
      {copied ? own('copied') : own('share')}
    </Button>
  );
}

function Where({ report, catalogue }: { report: PublicReport; catalogue: Catalogue | undefined }) {
  const [open, set] = useState(false);
  if (!report.point) return null;
  const { lat, lon } = report.point;
  return (
    <section class="stack tight">
      <h2>{own('where')}</h2>
      {open ? (
        <LazyMap center={[lat, lon]} zoom={15} label={own('where')} marks={[{ lat, lon, count: 1, icon: categoryIcon(catalogue, report.category), label: own('where'), onClick: () => undefined }]} />
      ) : (
        <Button icon="map" onClick={() => set(true)}>
          {own('showMap')}
        </Button>
      )}
    </section>
  );
}

function Shown({ report, catalogue }: { report: PublicReport; catalogue: Catalogue | undefined }) {
  const photos = report.photos ?? [];
  const [before, after] = [false, true].map((proof) => photos.filter((one) => one.proof === proof));
  const title = categoryName(catalogue, report.category);
  return (
    <>
      <Title up="/app/around">
        <OfCategory code={report.category} catalogue={catalogue} />
      </Title>
      <div class="row">
        <Tag tone={stateTone(report.state)}>{stateWord(report.state)}</Tag>
        {report.outcome && report.outcome !== 'resolved' && <Tag tone="warn">{outcomeWord(report.outcome)}</Tag>}
        <span class="small soft">
          {communeName(catalogue, report.commune)} · {report.number}
        </span>
      </div>
      <section class="stack tight">
        <p class="lines">{report.text}</p>
        {report.filed_at && (
          <p class="small soft">
            {own('filed')} {momentOf(report.filed_at)}
          </p>
        )}
      </section>
      {before!.length > 0 && (
        <section class="stack tight">
          <h2>{say('before')}</h2>
          <Photos photos={publicPhotos(before!, say('before'))} />
        </section>
      )}
      {report.answer && (
        <section class="card">
          <h2>{say('answer')}</h2>
          <p class="lines">{report.answer}</p>
          <p class="small soft">{own('answeredBy', agencyName(catalogue, report.agency), report.answered_at ? momentOf(report.answered_at) : '')}</p>
        </section>
      )}
      {after!.length > 0 && (
        <section class="stack tight">
          <h2>{say('after')}</h2>
          <Photos photos={publicPhotos(after!, say('after'))} />
        </section>
      )}
      {report.rating ? (
        <p class="row">
          {own('rated')} <Stars value={report.rating} />
        </p>
      ) : null}
      <Where report={report} catalogue={catalogue} />
      <div class="row">
        <Share title={title} />
      </div>
    </>
  );
}

export default function Published({ where }: { where: Where }) {
  const number = where.parts[1] ?? '';
  const catalogue = useCatalogue();
  const found = useLoaded(() => get('/v1/public/reports/{number}', { number }), number);
  if (found.error && !found.data) return <FailedPage title={say('report')} up="/app/around" error={found.error} again={found.again} />;
  return found.data ? <Shown report={found.data} catalogue={catalogue.data} /> : <Loading />;
}
