// What every page gains from a script: a button that prints, folds that open on paper, and a word when the connection is lost.
// The page works without this file: the browser's own print gives the same sheets.

for (const button of document.querySelectorAll('[data-print]')) {
  button.addEventListener('click', () => window.print())
}

// What is folded away on the screen is read on paper. Folds that a person had opened stay open afterwards.
let opened = []
window.addEventListener('beforeprint', () => {
  opened = [...document.querySelectorAll('main details:not([open])')]
  for (const fold of opened) fold.open = true
})
window.addEventListener('afterprint', () => {
  for (const fold of opened) fold.open = false
  opened = []
})

// A form that is sent without a connection is lost with the page, so it is held back until there is one.
const line = document.querySelector('[data-connection]')

function say () {
  if (!line) return
  line.textContent = navigator.onLine ? '' : line.dataset.connection
}

window.addEventListener('offline', say)
window.addEventListener('online', say)
document.addEventListener('submit', (event) => {
  if (navigator.onLine) return
  event.preventDefault()
  event.stopImmediatePropagation()
  say()
}, true)
say()
