/** @file One picture of a batch, on the stage like any other. */
import {PictureSource} from '../picture_source.js';
import {UnusableFileError} from '../files.js';

/** A picture that knows its batch, which has often seen it already. */
export class BatchPicture extends PictureSource {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('./collect.js').Item} item
   * @param {import('../sources.js').Batch} batch
   */
  constructor(canvas, item, batch) {
    super(canvas, () => (item.file ? Promise.resolve(item.file) : Promise.reject(new UnusableFileError(item.error))));
    this.item = item;
    this.batch = batch;
    this.seen = item.seen;
  }
}
