// Go to: a dialog over the page that takes a reference or the name of a page, and keys that open pages.
// Without this file the link "Go to" leads to a page that does the same. Nothing is kept in the browser.

const link = document.querySelector('[data-go]')
const token = () => document.querySelector('[name=csrfmiddlewaretoken]')?.value || ''
const asData = { credentials: 'same-origin', redirect: 'manual' }

function make (tag, attributes = {}, ...inside) {
  const one = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) one.setAttribute(name, value)
  one.append(...inside)
  return one
}

const begins = (one, word) => one.text.toLowerCase().startsWith(word)

class GoTo {
  constructor () {
    this.input = make('input', { class: 'govuk-input', id: 'go-words', type: 'text', role: 'combobox', 'aria-expanded': 'false', 'aria-controls': 'go-places', 'aria-autocomplete': 'list', 'aria-describedby': 'go-hint go-said', autocomplete: 'off', spellcheck: 'false', autocapitalize: 'none', maxlength: '60' })
    this.list = make('ul', { class: 'app-go__places', id: 'go-places', role: 'listbox', 'aria-label': 'Places', hidden: '' })
    this.said = make('p', { class: 'app-go__said', id: 'go-said', role: 'status' })
    const shut = make('button', { class: 'govuk-button govuk-button--secondary', type: 'button' }, 'Close')
    const keys = make('a', { class: 'govuk-link', href: '/shortcuts' }, 'Keyboard shortcuts')
    const form = make('form', { novalidate: '', method: 'post', action: link.href },
      make('label', { class: 'govuk-label govuk-label--m', for: 'go-words', id: 'go-title' }, 'Go to'),
      make('div', { class: 'govuk-hint', id: 'go-hint' }, 'A reference such as CS-7F3K-92X, or the name of a page'),
      this.input, this.said, this.list,
      make('div', { class: 'govuk-button-group govuk-!-margin-bottom-0' }, make('button', { class: 'govuk-button', type: 'submit' }, 'Go'), shut, keys))
    const find = [...document.querySelectorAll('#navigation a')].find((one) => one.pathname === '/find')
    if (find) keys.after(make('a', { class: 'govuk-link', href: find.href }, 'Find a person by name'))
    this.box = make('dialog', { class: 'app-dialog app-go', 'aria-labelledby': 'go-title' }, form)
    this.places = []
    this.shown = []
    this.at = -1
    shut.addEventListener('click', () => this.box.close())
    this.box.addEventListener('click', (event) => { if (event.target === this.box) this.box.close() })
    this.box.addEventListener('close', () => this.from?.focus())
    this.list.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]')
      if (option) this.leave(this.shown[Number(option.dataset.number)].href)
    })
    this.input.addEventListener('input', () => this.filter())
    this.input.addEventListener('keydown', (event) => this.onKey(event))
    form.addEventListener('submit', (event) => this.onSubmit(event))
  }

  async open () {
    if (this.box.open || document.querySelector('dialog[open]')) return
    this.from = document.activeElement === document.body ? link : document.activeElement
    if (!this.box.isConnected) document.body.append(this.box)
    this.input.value = ''
    this.say('')
    this.box.showModal()
    this.input.focus()
    try {
      const answer = await fetch(link.href + '/places', asData)
      if (answer.ok) this.places = (await answer.json()).places
      else this.leave(link.href)
    } catch {
      this.say('The list could not be fetched. A reference may still work.')
    }
    this.filter()
  }

  filter () {
    const words = this.input.value.toLowerCase().split(/\s+/).filter(Boolean)
    this.shown = this.places.filter((one) => words.every((word) => `${one.text} ${one.hint}`.toLowerCase().includes(word)))
    if (words.length) this.shown.sort((one, other) => begins(other, words[0]) - begins(one, words[0]))
    this.list.replaceChildren(...this.shown.map((one, number) => make('li', { class: 'app-go__place', role: 'option', id: `go-place-${number}`, 'aria-selected': 'false', 'data-number': number }, make('bdi', {}, one.text), make('span', { class: 'app-go__hint' }, ' ', one.hint))))
    this.list.hidden = !this.shown.length
    this.input.setAttribute('aria-expanded', String(!this.list.hidden))
    this.input.removeAttribute('aria-invalid')
    this.mark(words.length && this.shown.length ? 0 : -1)
    this.say(this.shown.length ? `${this.shown.length} ${this.shown.length === 1 ? 'place' : 'places'}` : 'Not in the list. Press Enter to look for a reference.')
  }

  mark (number) {
    this.list.querySelector('[aria-selected=true]')?.setAttribute('aria-selected', 'false')
    this.at = number
    const option = this.list.children[number]
    if (!option) return this.input.removeAttribute('aria-activedescendant')
    option.setAttribute('aria-selected', 'true')
    option.scrollIntoView({ block: 'nearest' })
    this.input.setAttribute('aria-activedescendant', option.id)
  }

  onKey (event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || event.isComposing || !this.shown.length) return
    event.preventDefault()
    const first = this.at < 0 && step < 0 ? 0 : this.at
    this.mark((first + step + this.shown.length) % this.shown.length)
  }

  async onSubmit (event) {
    event.preventDefault()
    if (this.shown[this.at]) return this.leave(this.shown[this.at].href)
    document.dispatchEvent(new Event('app:wait'))
    try {
      const answer = await fetch(link.href, { ...asData, method: 'POST', body: new URLSearchParams({ words: this.input.value }), headers: { Accept: 'application/json', 'X-CSRFToken': token() } })
      if (!answer.ok) return this.leave(link.href)
      const { href, error } = await answer.json()
      if (href) return this.leave(href)
      this.input.setAttribute('aria-invalid', 'true')
      this.say(error, true)
      this.input.select()
    } catch {
      this.say('We could not ask. Check the connection and try again.', true)
    } finally {
      document.dispatchEvent(new Event('app:done'))
    }
  }

  say (words, trouble = false) {
    this.said.textContent = words
    this.said.classList.toggle('govuk-error-message', trouble)
  }

  leave (href) { window.location.assign(href) }
}

// Words that would be lost: typed into a form that is sent, and that keeps no draft.
const unsent = () => [...document.querySelectorAll('form[method=post]:not([data-draft-url]) :is(textarea, input[type=text])')].some((one) => one.value !== one.defaultValue)
const typing = (one) => one instanceof Element && one.closest('input, select, textarea, [contenteditable], [role=listbox], dialog')

class Keys {
  constructor (said, goTo) {
    this.ways = new Map(said.split(';').map((one) => one.split('|')))
    this.goTo = goTo
    this.first = ''
    document.addEventListener('keydown', (event) => this.onKey(event))
  }

  onKey (event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return
    if (event.key.length !== 1 || typing(event.target) || document.querySelector('dialog[open]')) return
    const way = this.ways.get(this.first + event.key)
    clearTimeout(this.timer)
    const begins = !this.first && !way && [...this.ways.keys()].some((keys) => keys.length > 1 && keys[0] === event.key)
    this.first = begins ? event.key : ''
    if (begins) this.timer = setTimeout(() => { this.first = '' }, 1500)
    if (!way) return
    event.preventDefault()
    if (way === link.pathname) this.goTo.open()
    else if (!unsent()) window.location.assign(way)
  }
}

if (link && window.HTMLDialogElement) {
  const goTo = new GoTo()
  link.addEventListener('click', (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    goTo.open()
  })
  if (link.dataset.keys) new Keys(link.dataset.keys, goTo)
}
