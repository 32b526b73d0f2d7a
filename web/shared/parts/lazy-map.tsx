/* The map and its library come when a map is shown. */
import { useEffect, useState } from 'preact/hooks';
import type { ComponentType } from 'preact';
import { loadPart } from '../part';
import { say } from '../words';
import type { MapProps } from './map';
import { Note } from './ui';

let known: ComponentType<MapProps> | undefined;

export function LazyMap(props: MapProps) {
  const [state, set] = useState<'loading' | 'there' | 'failed'>(known ? 'there' : 'loading');
  useEffect(() => {
    if (known) return;
    loadPart(() => import('./map')).then(
      (loaded) => ((known = loaded.default), set('there')),
      () => set('failed'),
    );
  }, []);
  if (state === 'failed') return <Note tone="warn">{say('noMap')}</Note>;
  const Known = known;
  return Known ? <Known {...props} /> : <div class={props.tall ? 'map tall' : 'map'} role="status" aria-label={say('loading')} />;
}
