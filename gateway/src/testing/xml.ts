/** Reads XML as strictly as a test of it needs: elements, attributes and text; whatever isn't well-formed is refused. */

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  text: string;
}

const DECLARATION = '<?xml version="1.0" encoding="utf-8"?>\n';
/** Of XML 1.0, production 2. */
const ONLY_CHARACTERS = /^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u;
const TOKEN =
  /<(?<close>\/)?(?<name>[A-Za-z:]+)(?<attributes>(?: [A-Za-z:]+="[^"<]*")*)(?<empty>\/)?>|(?<text>[^<]+)/gy;
const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(';') ? ENTITIES[name] : undefined;
    if (character === undefined) throw new Error(`no entity: ${whole}`);
    return character;
  });
}

/** @throws {Error} for what isn't well-formed. */
export function parseXml(xml: string): XmlElement {
  if (!xml.startsWith(DECLARATION) || !ONLY_CHARACTERS.test(xml)) throw new Error('no XML');
  const document: XmlElement = { name: '', attributes: {}, children: [], text: '' };
  const open = [document];
  TOKEN.lastIndex = DECLARATION.length;
  while (TOKEN.lastIndex < xml.length) {
    const at = TOKEN.lastIndex;
    const { close, name = '', attributes = '', empty, text } = TOKEN.exec(xml)?.groups ?? {};
    const inside = open.at(-1);
    if (!inside || (name === '' && text === undefined)) throw new Error(`not well-formed at ${at}`);
    if (text !== undefined) inside.text += unescaped(text);
    else if (close) {
      if (open.pop()?.name !== name || open.length === 0) throw new Error(`</${name}> closes something else`);
    } else {
      const pairs = [...attributes.matchAll(/ ([A-Za-z:]+)="([^"]*)"/g)];
      const element = {
        name,
        attributes: Object.fromEntries(pairs.map(([, key = '', value = '']) => [key, unescaped(value)])),
        children: [],
        text: '',
      };
      if (pairs.length !== Object.keys(element.attributes).length) throw new Error('an attribute twice');
      inside.children.push(element);
      if (!empty) open.push(element);
    }
  }
  const [root, ...more] = document.children;
  if (open.length !== 1 || !root || more.length > 0 || document.text.trim() !== '')
    throw new Error('not one element');
  return root;
}
