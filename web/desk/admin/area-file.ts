/*
 * A file of borders, read in the browser: what is wrong with it is told in words before anything is sent. The server
 * checks again, and more (domain/area/polygons.c).
 */
import type { Commune } from '../../api';
import { Problem, authorised, readProblem, post } from '../../shared/call';
import { sayFrom } from '../../shared/words';

const own = sayFrom({
  notJson: ['Tệp không phải là GeoJSON.', 'The file is not GeoJSON.'],
  tooLarge: ['Tệp lớn hơn 8 MB. Hãy giản lược đường ranh.', 'The file is larger than 8 MB. Simplify the outlines.'],
  tooMany: ['Có hơn 200.000 đỉnh. Hãy giản lược đường ranh.', 'There are more than 200,000 positions. Simplify the outlines.'],
  noCode: ['{0} hình không có thuộc tính “code” (mã xã 5 chữ số). Tệp có các thuộc tính: {1}.', '{0} shapes have no property “code” (five digits). The file has: {1}.'],
  twice: ['Mã {0} có hai hình.', 'Code {0} has two shapes.'],
  unknown: ['Mã {0} không phải là xã, phường nào của tỉnh.', 'Code {0} is no commune of the province.'],
  notArea: ['Hình của {0} không phải là vùng (Polygon, MultiPolygon).', 'The shape of {0} is no area (Polygon, MultiPolygon).'],
  degrees: ['Hình của {0} không ở trong kinh độ, vĩ độ của Việt Nam. Hãy xuất tệp theo WGS 84 (EPSG:4326).', 'The shape of {0} is not in longitudes and latitudes of Viet Nam. Export it in WGS 84 (EPSG:4326).'],
});

export const MOST_BYTES = 8 * 1024 * 1024;
const MOST_POSITIONS = 200_000;
const PART_BYTES = 512 * 1024;

type Shape = GeoJSON.Feature<GeoJSON.Polygon | GeoJSON.MultiPolygon>;
export interface AreaFile {
  shapes: GeoJSON.FeatureCollection;
  missing: Commune[];
  faults: string[];
}

const isArea = (one: GeoJSON.Feature): one is Shape => one.geometry?.type === 'Polygon' || one.geometry?.type === 'MultiPolygon';
const ringsOf = ({ geometry }: Shape): GeoJSON.Position[][] => (geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat());
const inCountry = ([lon, lat]: GeoJSON.Position): boolean => lon! > 100 && lon! < 120 && lat! > 5 && lat! < 25;

function isSound(one: Shape): boolean {
  const rings = ringsOf(one);
  return Array.isArray(rings) && rings.length > 0 && rings.every((ring) => Array.isArray(ring) && ring.every((at) => Array.isArray(at) && at.length >= 2 && at.every(Number.isFinite)));
}

export function readAreas(text: string, communes: Commune[]): AreaFile | string {
  let given: GeoJSON.FeatureCollection;
  try {
    given = JSON.parse(text) as GeoJSON.FeatureCollection;
  } catch {
    return own('notJson');
  }
  if (given?.type !== 'FeatureCollection' || !Array.isArray(given.features)) return own('notJson');
  const faults: string[] = [];
  const seen = new Set<string>();
  const drawn: Shape[] = [];
  const codeless: GeoJSON.Feature[] = [];
  let positions = 0;
  for (const one of given.features) {
    const code = one?.properties?.code as unknown;
    if (typeof code !== 'string') codeless.push(one);
    else if (seen.has(code)) faults.push(own('twice', code));
    else if (!communes.some((known) => known.code === code)) faults.push(own('unknown', code));
    const name = communes.find((known) => known.code === code)?.full_name ?? String(code ?? '?');
    if (typeof code === 'string') seen.add(code);
    if (!one || !isArea(one) || !isSound(one)) {
      if (typeof code === 'string') faults.push(own('notArea', name));
      continue;
    }
    positions += ringsOf(one).reduce((sum, ring) => sum + ring.length, 0);
    if (ringsOf(one).every((ring) => ring.every(inCountry))) drawn.push(one);
    else faults.push(own('degrees', name));
  }
  if (codeless.length) faults.push(own('noCode', codeless.length, Object.keys(codeless[0]?.properties ?? {}).slice(0, 12).join(', ') || '–'));
  if (positions > MOST_POSITIONS) faults.push(own('tooMany'));
  return { shapes: { type: 'FeatureCollection', features: drawn }, missing: communes.filter((one) => !seen.has(one.code)), faults };
}

export const tooLarge = (file: File): string | undefined => (file.size > MOST_BYTES ? own('tooLarge') : undefined);

/* Sends a file in parts; a part whose answer was lost goes on where the server is. */
export async function sendFile(file: Blob, told: (sent: number) => void): Promise<string> {
  const { file: name } = await post('/v1/admin/files', {}, undefined);
  for (let at = 0; at < file.size; ) {
    const reply = await authorised(`/v1/admin/files/${name}?offset=${at}`, { method: 'PATCH', headers: { 'content-type': 'application/octet-stream' }, body: file.slice(at, at + PART_BYTES) });
    if (reply.ok) at = ((await reply.json()) as { size: number }).size;
    else {
      const problem = await readProblem(reply);
      const size = problem.body.size;
      if (problem.status !== 409 || typeof size !== 'number' || size <= at) throw problem;
      at = size;
    }
    told(at);
  }
  return name;
}

export const isProblem = (error: unknown): error is Problem => error instanceof Problem;
