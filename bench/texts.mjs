/** Returns a function that makes texts of words, of which some are much more frequent than others, as in a language. */
export function textsFrom(seed) {
  let state = seed;
  const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
  const syllables = 'ri ver ta lo men da si pe kan tor ul en ash mi go be no wi ch ex'.split(' ');
  const word = () => Array.from({ length: 1 + Math.floor(random() * 4) }, () => syllables[Math.floor(random() * 20)]);
  const words = ['river', ...Array.from({ length: 20_000 }, () => word().join(''))];
  return (length) => {
    let made = '';
    while (made.length < length) made += `${words[Math.floor(words.length * random() ** 6)]} `;
    return made.slice(0, length).trim();
  };
}
