declare const SHELL: string[];
declare const BUILD: string;
console.log(SHELL, BUILD);
