/* Drawn in one line width; each beside words, or with a label where it stands alone. */
const paths = {
  home: 'M4 11l8-7 8 7v9h-5v-6H9v6H4z',
  map: 'M9 4L3 6v14l6-2 6 2 6-2V4l-6 2zM9 4v14M15 6v14',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  person: 'M12 12a4 4 0 100-8 4 4 0 000 8zM4 21c1-4 4-6 8-6s7 2 8 6',
  bell: 'M6 17V11a6 6 0 0112 0v6l1.5 2h-15zM10 21h4',
  back: 'M15 5l-7 7 7 7',
  forth: 'M9 5l7 7-7 7',
  next: 'M9 5l7 7-7 7',
  camera: 'M4 8h3l2-3h6l2 3h3v11H4zM12 17a3.5 3.5 0 100-7 3.5 3.5 0 000 7z',
  film: 'M4 6h12v12H4zM16 10l5-3v10l-5-3z',
  play: 'M7 4l13 8-13 8z',
  image: 'M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M15.5 9.5h.01',
  pin: 'M12 21s7-6 7-11a7 7 0 10-14 0c0 5 7 11 7 11zM12 12.5a2.5 2.5 0 100-5 2.5 2.5 0 000 5z',
  target: 'M12 19a7 7 0 100-14 7 7 0 000 14zM12 2v3M12 19v3M2 12h3M19 12h3M12 13a1 1 0 100-2 1 1 0 000 2z',
  search: 'M11 18a7 7 0 100-14 7 7 0 000 14zM16 16l5 5',
  check: 'M5 12.5l5 5 9-11',
  cross: 'M6 6l12 12M18 6L6 18',
  clock: 'M12 21a9 9 0 100-18 9 9 0 000 18zM12 7v5l3.5 2',
  warn: 'M12 3l10 18H2zM12 10v5M12 18h.01',
  blur: 'M4 4h6v6H4zM14 4h6v6h-6zM4 14h6v6H4zM14 14h6v6h-6z',
  lock: 'M6 11h12v10H6zM8 11V8a4 4 0 018 0v3M12 15v2',
  unlock: 'M6 11h12v10H6zM8 11V8a4 4 0 017.5-2M12 15v2',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
  chart: 'M4 20h16M7 20v-7M12 20V5M17 20v-10',
  share: 'M12 15V3M8 7l4-4 4 4M5 12v8h14v-8',
  star: 'M12 3l2.7 5.8 6.3.8-4.6 4.4 1.2 6.3L12 17.2 6.4 20.3l1.2-6.3L3 9.6l6.3-.8z',
  cloudOff: 'M3 3l18 18M8 7a6 6 0 019 4 4 4 0 012 7M6 9a5 5 0 001 10h9',
  download: 'M12 4v11M8 11l4 4 4-4M5 20h14',
  key: 'M8 20a5 5 0 100-10 5 5 0 000 10zM11.5 11.5L20 3M17 6l3 3M14 9l2 2',
  inbox: 'M4 13l3-8h10l3 8v6H4zM4 13h5l1.500 3h3L15 13h5',
  siren: 'M7 17v-5a5 5 0 0110 0v5M5 20h14v-3H5zM12 3V1M4 6L2.500 4.500M20 6l1.500-1.500',
  swap: 'M4 8h14M14 4l4 4-4 4M20 16H6M10 12l-4 4 4 4',
  eye: 'M2 12c3-5 6-7 10-7s7 2 10 7c-3 5-6 7-10 7s-7-2-10-7zM12 15a3 3 0 100-6 3 3 0 000 6z',
  keyboard: 'M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8',
  people: 'M9 11a3.500 3.500 0 100-7 3.500 3.500 0 000 7zM2.500 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.500a3.500 3.500 0 010 6.500M18 14.500c2 .8 3.200 2.700 3.500 5.500',
  list: 'M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01',
  print: 'M7 8V3h10v5M5 8h14v9h-3M8 17H5M8 14h8v7H8z',
  pen: 'M4 20l1-4L16 5l3 3L8 19zM13.500 7.500l3 3',
  tools: 'M4 7h9M17 7h3M13 4v6M4 17h3M11 17h9M11 14v6',
  globe: 'M12 3a9 9 0 100 18 9 9 0 000-18zM3 12h18M12 3c3.500 3.500 3.500 14.500 0 18M12 3c-3.500 3.500-3.500 14.500 0 18',
  menu: 'M4 7h16M4 12h16M4 17h16',
} as const;

export type IconName = keyof typeof paths;

export const Icon = ({ name, size = 24 }: { name: IconName; size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={paths[name]} />
  </svg>
);
