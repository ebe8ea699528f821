// Opens the further questions that belong to a need as soon as the need is ticked, and puts the five questions away once
// all are answered in one tick. The page works without this file.

const folds = [...document.querySelectorAll('details[data-wanted-by]')]

function show (box) {
  if (!box.checked) return
  for (const fold of folds) {
    if (!fold.dataset.wantedBy.split(' ').includes(box.value)) continue
    fold.open = true
    const outer = fold.parentElement.closest('details')
    if (outer) outer.open = true
  }
}

for (const box of document.querySelectorAll('input[type=checkbox][name^=needs]')) {
  box.addEventListener('change', () => show(box))
  show(box)
}

const five = document.querySelector('.app-five')
const all = document.querySelector('input[name=all_five]')

function putAway () {
  const contradicted = five.querySelector('input:checked, .govuk-error-message')
  five.hidden = all.checked && !contradicted
}

if (five && all) {
  all.addEventListener('change', putAway)
  putAway()
}
