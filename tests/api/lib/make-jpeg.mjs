/*
 * A real JPEG as a phone makes it, with a camera, a time, an orientation and a place in its Exif. The
 * picture is red in its upper left quarter and blue elsewhere, so that a test sees how it was turned.
 */
import jpeg from 'jpeg-js';
import piexif from 'piexifjs';

const RED = [0xd0, 0x20, 0x20, 0xff];
const BLUE = [0x20, 0x40, 0xc0, 0xff];

/* 1: as it stands; 6: to be turned right by 90°; … (Exif 2.32, tag 0x0112) */
export function makeJpeg({ width = 64, height = 48, quality = 85, orientation = 1, lat, lon, takenAt, grain = 0 } = {}) {
  const data = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++)
      data.set(x < width / 2 && y < height / 2 ? RED : BLUE, (y * width + x) * 4);
  }
  for (let i = 0, seed = 1; grain > 0 && i < data.length; i++) {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    if (i % 4 !== 3) data[i] = Math.max(0, Math.min(255, data[i] + (seed >> 16) % grain));
  }
  const plain = jpeg.encode({ data, width, height }, quality).data;
  const exif = exifOf({ orientation, lat, lon, takenAt });
  return Buffer.from(piexif.insert(piexif.dump(exif), plain.toString('latin1')), 'latin1');
}

/* takenAt: "2026:11:24 20:55:30", the camera's clock */
function exifOf({ orientation, lat, lon, takenAt }) {
  const { ImageIFD, ExifIFD, GPSIFD } = piexif;
  const exif = { '0th': { [ImageIFD.Make]: 'Tram', [ImageIFD.Orientation]: orientation }, Exif: {}, GPS: {} };
  if (takenAt) exif.Exif[ExifIFD.DateTimeOriginal] = takenAt;
  if (lat !== undefined && lon !== undefined) {
    exif.GPS[GPSIFD.GPSLatitudeRef] = lat < 0 ? 'S' : 'N';
    exif.GPS[GPSIFD.GPSLatitude] = piexif.GPSHelper.degToDmsRational(Math.abs(lat));
    exif.GPS[GPSIFD.GPSLongitudeRef] = lon < 0 ? 'W' : 'E';
    exif.GPS[GPSIFD.GPSLongitude] = piexif.GPSHelper.degToDmsRational(Math.abs(lon));
  }
  return exif;
}

/* What the Exif of a JPEG says: {orientation, lat, lon, takenAt}, undefined where it is silent. */
export function readExif(bytes) {
  const exif = piexif.load(bytes.toString('latin1'));
  const degrees = (value, ref) => value && piexif.GPSHelper.dmsRationalToDeg(value, ref);
  const { GPSIFD, ImageIFD, ExifIFD } = piexif;
  return {
    orientation: exif['0th'][ImageIFD.Orientation],
    takenAt: exif.Exif[ExifIFD.DateTimeOriginal],
    lat: degrees(exif.GPS[GPSIFD.GPSLatitude], exif.GPS[GPSIFD.GPSLatitudeRef]),
    lon: degrees(exif.GPS[GPSIFD.GPSLongitude], exif.GPS[GPSIFD.GPSLongitudeRef]),
  };
}

/* {width, height, pixel(x, y) → [r, g, b]} of a JPEG. */
export function readJpeg(bytes) {
  const { width, height, data } = jpeg.decode(bytes);
  return { width, height, pixel: (x, y) => [...data.subarray((y * width + x) * 4, (y * width + x) * 4 + 3)] };
}
