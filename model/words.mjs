/** How traces name things. */
export const tabName = (index) => `tab ${'ABCD'[index]}`;

export const shown = ({ generation, key }) => `R${generation}${key ? ` with key ${key}` : ''}`;

export const successorOf = ({ successor }) => (successor ? `, R${successor}` : '');
