/* The picture of a category, of those that administrators choose from: drawn like the other icons (icon.tsx). */
const paths = {
  order: 'M12 3l7 3v5c0 5-3 8-7 10-4-2-7-5-7-10V6zM9 11.500l2.200 2.200 4-4',
  road: 'M8.500 4L4 20M15.500 4L20 20M12 4v3M12 10.500v3M12 17v3',
  environment: 'M5 20C5 10 10 5 20 5c0 10-4.500 14.500-10.500 14.500a5 5 0 01-4-2M5 20c1.500-4 4-6.500 8-8.500',
  waste: 'M6 9h12l-1.200 11H7.200zM4.500 9V6.500h15V9M10 6.500V4h4v2.500M12 12.500v4',
  idea: 'M9 18h6M10 21h4M9.500 18c0-1.800-.6-2.800-1.500-3.800a5.700 5.700 0 118 0c-.9 1-1.500 2-1.500 3.800',
  health: 'M12 20.500S4 16 4 10a4.300 4.300 0 018-2.200A4.300 4.300 0 0120 10c0 6-8 10.500-8 10.500zM12 10v5M9.500 12.500h5',
  school: 'M2.500 9.500L12 5l9.500 4.500L12 14zM6.500 11.500V16c1.500 1.500 3.500 2.200 5.500 2.200s4-.7 5.500-2.200v-4.500M21.500 9.500V15',
  light: 'M13.500 3L5.500 13.500H11L10 21l8.500-11H13z',
  water: 'M12 3.500s6.500 6.500 6.500 11a6.500 6.500 0 01-13 0c0-4.500 6.500-11 6.500-11zM9 15a3 3 0 003 3',
  law: 'M12 4v16M8 20h8M5 7.500h14M5 7.500L2.500 13a2.700 2.700 0 005 0zM19 7.500L16.500 13a2.700 2.700 0 005 0z',
  paper: 'M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6',
  complaint: 'M4 10v4h3.500l8 4V6l-8 4zM18.500 9.500a3.500 3.500 0 010 5M8.500 14.500V19h3v-3',
  tree: 'M12 21v-9M12 16l-3-2.500M12 14.500l2.500-2M8 17a4.300 4.300 0 01-1.500-7.500 5.600 5.600 0 0111 0A4.300 4.300 0 0116 17z',
  traffic: 'M8 3h8v18H8zM12 8a1.200 1.200 0 100-2.400A1.200 1.200 0 0012 8zM12 13.200a1.200 1.200 0 100-2.400 1.200 1.200 0 000 2.400zM12 18.400a1.200 1.200 0 100-2.400 1.200 1.200 0 000 2.400z',
  house: 'M3 11l9-7 9 7M5.500 9.500V20h13V9.500M10 20v-5.500h4V20',
  market: 'M4 9l1.500-5h13L20 9a2.700 2.700 0 01-5.300 0 2.700 2.700 0 01-5.400 0A2.700 2.700 0 014 9zM5.500 12v8h13v-8M10 20v-4.500h4V20',
  boat: 'M3 15.500h18l-3 4.500H6zM12 15.500V3.500L18.500 12H12M9.500 7L6 12h3.500',
  animal: 'M12 12c-2.500 0-5 3-5 5.200 0 1.800 1.500 2.300 5 2.300s5-.5 5-2.300C17 15 14.500 12 12 12zM5.500 11.500a1.500 1.800 0 100-3.600 1.500 1.800 0 000 3.600zM18.500 11.500a1.500 1.800 0 100-3.600 1.500 1.800 0 000 3.600zM9.500 8a1.500 1.900 0 100-3.800 1.500 1.900 0 000 3.800zM14.500 8a1.500 1.900 0 100-3.800 1.500 1.900 0 000 3.800z',
  fire: 'M12.500 3c.5 3.500 5.500 5.500 5.500 11a6 6 0 01-12 0c0-2 .8-3.500 2-5 .3 1.500.8 2.300 1.800 3C9.500 8.500 10.500 5 12.500 3z',
  other: 'M12 21a9 9 0 100-18 9 9 0 000 18zM8 12h.01M12 12h.01M16 12h.01',
} as const;

export type CategoryIconName = Exclude<keyof typeof paths, 'other'>;
export const categoryIcons = Object.keys(paths).filter((name): name is CategoryIconName => name !== 'other');

/* Of a name that this page does not know, and of none: the neutral one. */
export const categoryPath = (name: string | undefined): string => paths[name as CategoryIconName] ?? paths.other;

export const CategoryIcon = ({ name, size = 24 }: { name: string | undefined; size?: number }) => (
  <svg class="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
    <path d={categoryPath(name)} />
  </svg>
);
