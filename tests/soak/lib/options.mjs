/*
 * "--name value" of the command line. rows: {name: [default, words]}; a default of false is a switch.
 * "--help" prints the rows and ends the program.
 */
export function readOptions(title, rows, args = process.argv.slice(2)) {
  const options = Object.fromEntries(Object.entries(rows).map(([name, [fallback]]) => [name, fallback]));
  const rest = [...args];
  while (rest.length > 0) {
    const name = rest.shift().replace(/^--/, '');
    if (name === 'help') {
      console.log(`${title}\n`);
      for (const [row, [fallback, words]] of Object.entries(rows))
        console.log(`  --${row.padEnd(12)} ${words}${fallback === false ? '' : ` (${fallback})`}`);
      process.exit(0);
    }
    if (!(name in rows)) stop(`no such option: --${name}`);
    if (rows[name][0] === false) {
      options[name] = true;
      continue;
    }
    const text = rest.shift();
    const number = typeof rows[name][0] === 'number';
    options[name] = number ? Number(text) : text;
    if (text === undefined || (number && !Number.isFinite(options[name]))) stop(`--${name}: a value, please`);
  }
  return options;
}

function stop(words) {
  console.error(words);
  process.exit(2);
}
