// Makes a PNG of at most 256 colours from a picture of a page: the commonest colours as they are, the rest by the nearest of them.
// Runs in the browser that took the picture, so that nothing else has to be installed.
async (picture) => {
  const bytes = Uint8Array.from(atob(picture), (one) => one.charCodeAt(0))
  const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
  const { width, height } = bitmap
  const canvas = new OffscreenCanvas(width, height).getContext('2d')
  canvas.drawImage(bitmap, 0, 0)
  const pixels = new Uint32Array(canvas.getImageData(0, 0, width, height).data.buffer)

  const counts = new Map()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) || 0) + 1)
  const palette = [...counts].sort((one, two) => two[1] - one[1]).slice(0, 256).map(([colour]) => colour)
  const parts = (colour) => [colour & 255, (colour >> 8) & 255, (colour >> 16) & 255]
  const known = palette.map(parts)
  const places = new Map(palette.map((colour, place) => [colour, place]))
  const nearest = (colour) => {
    const [red, green, blue] = parts(colour)
    let best = 0
    let least = Infinity
    known.forEach(([r, g, b], place) => {
      const far = 2 * (r - red) ** 2 + 4 * (g - green) ** 2 + (b - blue) ** 2
      if (far < least) { least = far; best = place }
    })
    places.set(colour, best)
    return best
  }

  const rows = new Uint8Array((width + 1) * height) // each row begins with the number of its filter: none
  for (let y = 0, from = 0; y < height; y++) {
    for (let x = 0, to = y * (width + 1) + 1; x < width; x++) {
      const colour = pixels[from++]
      rows[to++] = places.get(colour) ?? nearest(colour)
    }
  }
  const packed = new Uint8Array(await new Response(new Blob([rows]).stream().pipeThrough(new CompressionStream('deflate'))).arrayBuffer())

  const table = Array.from({ length: 256 }, (_, n) => {
    for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1
    return n >>> 0
  })
  const chunk = (name, data) => {
    const whole = new Uint8Array(12 + data.length)
    const view = new DataView(whole.buffer)
    view.setUint32(0, data.length)
    whole.set([...name].map((letter) => letter.charCodeAt(0)), 4)
    whole.set(data, 8)
    let sum = 0xffffffff
    for (const byte of whole.subarray(4, 8 + data.length)) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8)
    view.setUint32(8 + data.length, (sum ^ 0xffffffff) >>> 0)
    return whole
  }
  const head = new Uint8Array(13)
  const view = new DataView(head.buffer)
  view.setUint32(0, width)
  view.setUint32(4, height)
  head.set([8, 3, 0, 0, 0], 8) // eight bits a pixel, each a place in the palette
  const made = new Blob([
    new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', head), chunk('PLTE', new Uint8Array(known.flat())), chunk('IDAT', packed), chunk('IEND', new Uint8Array())
  ])
  const result = new Uint8Array(await made.arrayBuffer())
  let text = ''
  for (let at = 0; at < result.length; at += 32768) text += String.fromCharCode(...result.subarray(at, at + 32768))
  return btoa(text)
}
