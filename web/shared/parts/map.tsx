/*
 * A map, loaded when it is looked at: tiles of the configured server, or else the communes' own places, water
 * and points. Marks are drawn as elements, so that no text becomes HTML.
 */
import L from 'leaflet';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Commune } from '../../api';
import { get } from '../call';
import { sayFrom } from '../words';
import { categoryPath } from './category-icon';
import { Icon } from './icon';

const own = sayFrom({
  nearer: ['Phóng to', 'Zoom in'],
  farther: ['Thu nhỏ', 'Zoom out'],
  here: ['Vị trí của tôi', 'Where I am'],
});

export interface Mark {
  lat: number;
  lon: number;
  count: number;
  icon?: string | undefined; // of the category, where it is one thing
  label: string;
  onClick: () => void;
}
export interface MapProps {
  center: [number, number];
  zoom: number;
  tall?: boolean;
  label: string;
  marks?: Mark[];
  communes?: Commune[];
  shapes?: GeoJSON.FeatureCollection; // drawn instead of the borders in force, and brought into view
  picked?: { lat: number; lon: number } | undefined;
  onPick?: (lat: number, lon: number) => void;
  onMove?: (box: [west: number, south: number, east: number, north: number], zoom: number) => void;
}

/* The borders, once for all maps of the page; none where none were imported, or while there is no network. */
let borders: Promise<GeoJSON.FeatureCollection | undefined> | undefined;
export const forgetBorders = (): void => void (borders = undefined); // others were just set

function fetchBorders(): Promise<GeoJSON.FeatureCollection | undefined> {
  borders ??= get('/v1/communes/outlines').then(
    (found) => (found as unknown as GeoJSON.FeatureCollection).features.length > 0 ? (found as unknown as GeoJSON.FeatureCollection) : undefined,
    () => (borders = undefined),
  );
  return borders;
}

const tiles = document.querySelector<HTMLMetaElement>('meta[name=tiles]')?.content;

const SVG = 'http://www.w3.org/2000/svg';

function drawPicture(name: string | undefined): SVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('viewBox', '0 0 24 24');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', categoryPath(name));
  svg.append(path);
  return svg;
}

function drawMark(mark: Mark): L.Marker {
  const size = mark.count > 1 ? Math.min(52, 34 + Math.log2(mark.count) * 3) : 32;
  const element = document.createElement('div');
  element.className = mark.count > 1 ? 'cluster' : 'cluster one';
  element.append(mark.count > 1 ? String(mark.count) : drawPicture(mark.icon));
  element.style.width = element.style.height = `${size}px`;
  const marker = L.marker([mark.lat, mark.lon], { icon: L.divIcon({ html: element, className: 'mark-box', iconSize: [size, size] }), title: mark.label, alt: mark.label, keyboard: true });
  marker.on('add', () => marker.getElement()?.setAttribute('aria-label', mark.label)); // else a cluster is read out as its number alone
  marker.on('click keypress', (event) => {
    if (event.type === 'keypress' && (event as unknown as { originalEvent: KeyboardEvent }).originalEvent.key !== 'Enter') return;
    mark.onClick();
  });
  return marker;
}

/* Where there are no tiles: land about each commune's own place, and from near its name. */
const NAMES_FROM = 11;
const NAMES_OF_SHAPES_FROM = 10; // who looks a file through wants to know which is which
const LAND_M = 8500;

const drawLand = (one: Commune): L.Layer => L.circle([one.lat ?? 0, one.lon ?? 0], { pane: 'shore', radius: LAND_M, stroke: false, className: 'land', fillOpacity: 1, interactive: false });

function drawName(one: Commune): L.Layer {
  const name = document.createElement('span');
  name.textContent = one.name;
  return L.marker([one.lat ?? 0, one.lon ?? 0], { icon: L.divIcon({ html: name, className: 'commune-name', iconSize: [0, 0] }), interactive: false, keyboard: false, zIndexOffset: -1000 });
}

export default function Map({ center, zoom, tall = false, label, marks, communes, shapes, picked, onPick, onMove }: MapProps) {
  const box = useRef<HTMLDivElement>(null);
  const map = useRef<L.Map>();
  const layers = useRef<Record<string, L.LayerGroup>>({});
  const [known, setKnown] = useState<GeoJSON.FeatureCollection>();
  const outlines = shapes ?? known;
  useEffect(() => void fetchBorders().then(setKnown), []);
  const calls = useRef({ onPick, onMove });
  calls.current = { onPick, onMove };

  useEffect(() => {
    const made = L.map(box.current!, { center, zoom, zoomControl: false, attributionControl: false, minZoom: 7, maxZoom: 18, zoomAnimation: false });
    map.current = made;
    if (tiles) L.tileLayer(tiles, { maxZoom: 19 }).addTo(made);
    made.createPane('shore', made.getPane('tilePane')).className += ' shore';
    for (const name of ['land', 'outlines', 'names', 'marks', 'pin']) layers.current[name] = L.layerGroup().addTo(made);
    const namesFrom = shapes ? NAMES_OF_SHAPES_FROM : NAMES_FROM;
    const showNames = () => (made.getZoom() >= namesFrom ? layers.current.names?.addTo(made) : layers.current.names?.remove());
    made.on('zoomend', showNames);
    showNames();
    const tell = () => {
      const b = made.getBounds();
      calls.current.onMove?.([b.getWest(), b.getSouth(), b.getEast(), b.getNorth()], made.getZoom());
    };
    made.on('moveend', tell);
    made.on('click', (event) => calls.current.onPick?.(event.latlng.lat, event.latlng.lng));
    made.getContainer().setAttribute('aria-label', label);
    made.getContainer().setAttribute('role', 'application');
    tell();
    /* Leaflet may tell of a move a moment after the map was taken away, where its size had just changed. */
    return () => void made.off('moveend', tell).remove();
  }, []);

  useEffect(() => {
    const layer = layers.current.marks?.clearLayers();
    for (const mark of marks ?? []) layer?.addLayer(drawMark(mark));
  }, [marks]);
  useEffect(() => {
    const [land, names] = [layers.current.land?.clearLayers(), layers.current.names?.clearLayers()];
    if (tiles) return;
    for (const one of communes ?? []) {
      if (!outlines) land?.addLayer(drawLand(one));
      names?.addLayer(drawName(one));
    }
  }, [communes, outlines]);
  useEffect(() => {
    const layer = layers.current.outlines?.clearLayers();
    if (!outlines) return;
    const drawn = L.geoJSON(outlines, { interactive: false, style: { className: tiles ? 'outline' : 'outline land', weight: 1.2, fillOpacity: tiles ? 0 : 1 } });
    layer?.addLayer(drawn);
    if (shapes && drawn.getBounds().isValid()) map.current?.fitBounds(drawn.getBounds(), { animate: false });
  }, [outlines]);
  useEffect(() => {
    const layer = layers.current.pin?.clearLayers();
    if (!picked) return;
    const element = document.createElement('div');
    element.className = 'cluster one pin-mark';
    element.style.width = element.style.height = '34px';
    const pin = L.marker([picked.lat, picked.lon], { icon: L.divIcon({ html: element, className: 'mark-box', iconSize: [34, 34], iconAnchor: [17, 38] }), draggable: Boolean(onPick), autoPan: true, keyboard: false, title: label });
    pin.on('dragend', () => calls.current.onPick?.(pin.getLatLng().lat, pin.getLatLng().lng));
    layer?.addLayer(pin);
    map.current?.setView([picked.lat, picked.lon], Math.max(map.current.getZoom(), 15));
  }, [picked?.lat, picked?.lon]);

  const locate = () => navigator.geolocation?.getCurrentPosition(({ coords }) => map.current?.setView([coords.latitude, coords.longitude], 15));
  return (
    <div class="map-frame">
      <div ref={box} class={tall ? 'map tall' : 'map'} />
      <div class="map-tools">
        {!onPick && (
          <button type="button" class="round" aria-label={own('here')} onClick={locate}>
            <Icon name="target" />
          </button>
        )}
        <button type="button" class="round" aria-label={own('nearer')} onClick={() => map.current?.zoomIn()}>
          <Icon name="plus" />
        </button>
        <button type="button" class="round" aria-label={own('farther')} onClick={() => map.current?.zoomOut()}>
          <Icon name="minus" />
        </button>
      </div>
    </div>
  );
}
