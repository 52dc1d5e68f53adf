/** @file The sample pictures on the stage; fetched when pictures are chosen, not before. */

const SAMPLES = [
  ['portrait.jpg', 'An astronaut’s portrait'],
  ['two-faces.jpg', 'Two drawn faces'],
  ['surprise.jpg', 'A drawn face, surprised'],
];

/**
 * Fills the list once.
 * @param {HTMLElement} list
 * @param {(file: Blob) => void} onFile told of the sample that was chosen
 */
export function fillSamples(list, onFile) {
  if (list.childElementCount) return;
  list.append(...SAMPLES.map(([name, title]) => {
    const url = new URL(`../samples/${name}`, import.meta.url);
    const item = document.createElement('li');
    const button = document.createElement('button');
    button.type = 'button';
    const image = document.createElement('img');
    image.src = url.href;
    image.alt = title;
    button.append(image);
    button.addEventListener('click', async () => onFile(await (await fetch(url)).blob()));
    item.append(button);
    return item;
  }));
}
