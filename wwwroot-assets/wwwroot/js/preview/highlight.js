// Colours for code, by what nearly all languages share: comments, strings, numbers, words. It makes elements of text, never of markup.

const C_LIKE = { line: '//', open: '/*', close: '*/' };
const HASH = { line: '#' };
const FAMILIES = [
  ['cs csx c h cc cpp cxx hpp hh m mm rs go java kt kts scala swift dart js mjs cjs ts mts tsx jsx vue svelte php proto gradle css scss less', C_LIKE],
  ['py pyi rb sh bash zsh fish pl pm r jl yml yaml toml conf cfg env properties tf nix cmake mk ps1 desktop service gitignore editorconfig', HASH],
  ['sql lua hs', { line: '--', open: '/*', close: '*/' }],
  ['ini', { line: ';' }],
  ['html htm xhtml xml xsl xsd xaml razor cshtml csproj props targets', { open: '<!--', close: '-->' }],
  ['json jsonl ndjson', {}],
];

const WORDS = new Set(('abstract as async await base bool boolean break byte case catch char class const continue def default defer del delete do double elif else end enum except export extends extern false final finally '
  + 'float fn for foreach from func function get global goto if impl implements import in init int interface internal is lambda let lock long match mod module mut namespace new nil none not null object operator or out override '
  + 'package params pass private protected pub public raise readonly record ref return sealed self set short static string struct super switch then this throw trait true try type typeof undefined union unsafe until use using '
  + 'var virtual void volatile where while with yield select insert update create table alter drop join left right inner outer on group order by having limit values into index primary key and').split(' '));

/** Null for what is not code; otherwise takes text and gives nodes. A comment may reach from one piece into the next. */
export function highlighter(name) {
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  const family = FAMILIES.find(([extensions]) => extensions.split(' ').includes(extension))?.[1];
  if (!family) return null;
  const escape = text => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  const parts = [];
  if (family.open) parts.push(`(?<open>${escape(family.open)})`);
  if (family.line) parts.push(`(?<comment>${escape(family.line)}[^\\n]*)`);
  parts.push(`(?<string>"(?:\\\\.|[^"\\\\\\n])*"|'(?:\\\\.|[^'\\\\\\n])*'|\`(?:\\\\.|[^\`\\\\])*\`)`, '(?<number>\\b\\d[\\w.]*)', '(?<word>[A-Za-z_]\\w*)');
  const token = new RegExp(parts.join('|'), 'g');
  const ignoresCase = extension === 'sql';
  let isOpen = false;

  return text => {
    const nodes = [];
    let plain = '', at = 0;
    const flush = () => { if (plain) nodes.push(plain); plain = ''; };
    const mark = (kind, piece) => {
      flush();
      const node = document.createElement('span');
      node.className = `t-${kind}`;
      node.textContent = piece;
      nodes.push(node);
    };
    const comment = from => {
      const end = text.indexOf(family.close, from);
      isOpen = end < 0;
      return end < 0 ? text.length : end + family.close.length;
    };
    if (isOpen) {
      at = comment(0);
      mark('comment', text.slice(0, at));
    }
    token.lastIndex = at;
    for (let found; (found = token.exec(text)); ) {
      plain += text.slice(at, found.index);
      at = token.lastIndex;
      const { open, comment: rest, string, number } = found.groups;
      if (open) {
        at = comment(at);
        mark('comment', text.slice(found.index, at));
        token.lastIndex = at;
      } else if (rest) mark('comment', rest);
      else if (string) mark('string', string);
      else if (number) mark('number', number);
      else if (WORDS.has(ignoresCase ? found[0].toLowerCase() : found[0])) mark('word', found[0]);
      else plain += found[0];
    }
    plain += text.slice(at);
    flush();
    return nodes;
  };
}
