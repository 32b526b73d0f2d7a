/* Points that would lie on each other at a zoom are one mark: a grid of about 60 px, in Web Mercator. */
export interface Placed {
  point?: { lat: number; lon: number };
}
export interface Cluster<T> {
  lat: number;
  lon: number;
  items: T[];
}

const CELL_PX = 60;

export function clusters<T extends Placed>(items: T[], zoom: number): Array<Cluster<T>> {
  const scale = (256 * 2 ** zoom) / CELL_PX;
  const cells = new Map<string, Cluster<T>>();
  for (const item of items) {
    const { lat, lon } = item.point!;
    const sin = Math.sin((lat * Math.PI) / 180);
    const x = Math.floor(((lon + 180) / 360) * scale);
    const y = Math.floor((0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)) * scale);
    const cell = cells.get(`${x} ${y}`);
    if (cell) {
      const n = cell.items.push(item);
      cell.lat += (lat - cell.lat) / n;
      cell.lon += (lon - cell.lon) / n;
    } else cells.set(`${x} ${y}`, { lat, lon, items: [item] });
  }
  return [...cells.values()];
}
