/** The declarations of tinypool name the browser's Worker, which is no type of Node's. */
interface Worker {
  readonly resourceLimits?: object;
}
