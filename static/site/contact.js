// Logging a contact: opens the further questions that belong to a need, puts the five questions away once all are answered
// in one tick, finds a need by a word, suggests people while their name is typed, and shows what the rules would suggest. The page
// works without this file.

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

for (const sift of document.querySelectorAll('[data-sift]')) {
  const parts = [...document.getElementById(sift.dataset.sift).querySelectorAll('fieldset')]
  sift.hidden = false
  sift.querySelector('input').addEventListener('input', (event) => {
    const word = event.target.value.trim().toLowerCase()
    for (const part of parts) {
      const lines = [...part.querySelectorAll('label')]
      for (const line of lines) line.hidden = !!word && !line.textContent.toLowerCase().includes(word) && !line.querySelector('input').checked
      part.hidden = lines.every((line) => line.hidden)
    }
  })
}

// A tier below the suggested one needs a reason: the place for it opens.
const lower = document.querySelector('details[data-lower]')
for (const tier of document.querySelectorAll('.app-decide input[name=tier]')) {
  tier.addEventListener('change', () => { if (lower && Number(tier.value) < Number(lower.dataset.lower)) lower.open = true })
}

const form = document.querySelector('form[data-suggest-url]')
const panel = document.querySelector('[data-suggestion]')
let timer
let asking

async function suggest () {
  asking?.abort()
  const one = asking = new AbortController()
  const body = new URLSearchParams(new FormData(form))
  if (form.dataset.opened) body.set('opened', form.dataset.opened)
  for (const name of ['once', 'draft', 'find', 'looked_for']) body.delete(name)
  try {
    const answer = await fetch(form.dataset.suggestUrl, { method: 'POST', body, credentials: 'same-origin', redirect: 'manual', signal: one.signal })
    if (!answer.ok) return
    const html = await answer.text()
    if (panel.dataset.shown !== html) panel.innerHTML = panel.dataset.shown = html
  } catch {
    // The suggestion comes again with the next tick, and in any case when the contact is saved.
  }
}

if (form && panel) {
  form.addEventListener('change', (event) => {
    if (event.target.id === 'sift-needs' || event.target.name === 'find') return
    clearTimeout(timer)
    timer = setTimeout(suggest, 250)
  })
  if (document.querySelector('.app-kept')) suggest() // a draft
}

// Who fits what is typed so far. Choosing one sends the whole form, so that nothing typed is lost; Enter finds without this.
const find = document.getElementById('id_find')
const people = document.querySelector('[data-people]')
const said = document.querySelector('[data-people-said]')
let pause
let looking

async function look () {
  looking?.abort()
  const one = looking = new AbortController()
  const body = new URLSearchParams({ find: find.value, csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value })
  try {
    const answer = await fetch(people.dataset.people, { method: 'POST', body, credentials: 'same-origin', redirect: 'manual', signal: one.signal })
    if (!answer.ok) return
    people.innerHTML = await answer.text()
    said.textContent = people.querySelector('[data-said]')?.dataset.said || ''
  } catch {
    // Enter and the button find as well.
  }
}

if (find && people) {
  find.addEventListener('input', () => {
    clearTimeout(pause)
    pause = setTimeout(look, 300)
  })
}
