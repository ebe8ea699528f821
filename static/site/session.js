// Warns before an idle session ends, so that nobody is signed out without being asked. Other tabs of the same desk count as work:
// they tell each other, and nothing is kept in the browser. Without this file the server ends the session all the same.

const limit = Number(document.body.dataset.idle) * 1000
const WARNING = Math.min(300000, limit / 2)
const token = () => document.querySelector('[name=csrfmiddlewaretoken]')?.value || ''

function minutes (left) {
  const seconds = Math.max(0, Math.ceil(left / 1000))
  if (seconds < 60) return `${seconds} ${seconds === 1 ? 'second' : 'seconds'}`
  const whole = Math.round(seconds / 60)
  return `${whole} ${whole === 1 ? 'minute' : 'minutes'}`
}

class Session {
  constructor () {
    this.tabs = 'BroadcastChannel' in window ? new BroadcastChannel('session') : null
    this.tabs?.addEventListener('message', (event) => event.data === 'end' ? this.follow() : this.begin())
    this.build()
    this.active(true)
    document.addEventListener('app:active', () => this.active(true))
    document.addEventListener('htmx:afterRequest', (event) => { if (event.detail.successful) this.active(true) })
    for (const kind of ['keydown', 'pointerdown']) document.addEventListener(kind, () => { this.touched = Date.now() }, { passive: true })
    document.addEventListener('visibilitychange', () => this.look())
    setInterval(() => this.look(), 1000)
  }

  build () {
    this.words = document.createElement('p')
    this.words.className = 'govuk-body'
    this.words.id = 'session-words'
    this.aloud = document.createElement('p')
    this.aloud.className = 'govuk-visually-hidden'
    this.aloud.setAttribute('aria-live', 'assertive')
    const heading = document.createElement('h2')
    heading.className = 'govuk-heading-m'
    heading.id = 'session-heading'
    heading.textContent = 'You are about to be signed out'
    const kept = document.createElement('p')
    kept.className = 'govuk-body'
    kept.textContent = 'We do this to keep people’s details safe. Forms that save drafts keep what you typed.'
    const group = document.createElement('div')
    group.className = 'govuk-button-group govuk-!-margin-bottom-0'
    this.stay = document.createElement('button')
    this.stay.type = 'button'
    this.stay.className = 'govuk-button'
    this.stay.textContent = 'Stay signed in'
    const out = document.createElement('button')
    out.type = 'button'
    out.className = 'govuk-button govuk-button--secondary'
    out.textContent = 'Sign out now'
    group.append(this.stay, out)
    this.box = document.createElement('dialog')
    this.box.className = 'app-dialog'
    this.box.setAttribute('role', 'alertdialog')
    this.box.setAttribute('aria-labelledby', heading.id)
    this.box.setAttribute('aria-describedby', this.words.id)
    this.box.append(heading, this.words, this.aloud, kept, group)
    this.stay.addEventListener('click', () => this.extend())
    out.addEventListener('click', () => document.querySelector('.app-header__form')?.submit())
    this.box.addEventListener('cancel', (event) => { event.preventDefault(); this.extend() })
    this.box.addEventListener('close', () => this.from?.isConnected && this.from.focus())
    document.body.append(this.box)
  }

  // The server heard from this desk just now.
  active (tell) {
    this.begin()
    if (tell) this.tabs?.postMessage('active')
  }

  begin () {
    this.ends = Date.now() + limit
    this.said = null
    if (this.box.open) this.box.close()
  }

  look () {
    const left = this.ends - Date.now()
    if (left > WARNING || this.leaving) return
    if (left <= 0) return this.end()
    if (!this.box.open) {
      if (this.touched > this.ends - limit && Date.now() - this.touched < 60000) return this.extend()
      this.warn()
    }
    this.words.textContent = `For your security we sign you out in ${minutes(left)}, because nothing has been clicked here for a while.`
    const spoken = left < 60000 ? 'less than a minute' : minutes(left)
    if (spoken !== this.said) this.aloud.textContent = this.said ? `You will be signed out in ${spoken}.` : ''
    this.said = spoken
  }

  warn () {
    for (const other of document.querySelectorAll('dialog[open]')) other.close()
    this.from = document.activeElement
    this.box.showModal()
    this.stay.focus()
  }

  async extend () {
    if (this.asking) return
    this.asking = true
    try {
      const answer = await fetch('/session/stay', { method: 'POST', headers: { 'X-CSRFToken': token() }, credentials: 'same-origin', redirect: 'manual' })
      if (answer.ok) this.active(true)
      else this.follow()
    } catch {
      this.words.textContent = 'We could not reach the service. Check the connection and try again.'
    } finally {
      this.asking = false
    }
  }

  // The session is over already: another tab ended it, or the server did. A moment later, so that nothing begins it again.
  follow () {
    if (this.leaving) return
    this.leaving = true
    setTimeout(() => window.location.assign(`/accounts/login/?${new URLSearchParams({ next: this.here(), timeout: 1 })}`), 1500)
  }

  here () { return window.location.pathname + window.location.search }

  // Signed out by a form, so that the server ends the session and says what it kept.
  end () {
    if (this.leaving) return
    this.leaving = true
    this.tabs?.postMessage('end')
    const form = document.createElement('form')
    form.method = 'post'
    form.action = '/session/end'
    form.hidden = true
    for (const [name, value] of [['csrfmiddlewaretoken', token()], ['next', this.here()]]) {
      const input = document.createElement('input')
      input.type = 'hidden'
      input.name = name
      input.value = value
      form.append(input)
    }
    document.body.append(form)
    form.submit()
  }
}

if (limit > 0 && window.HTMLDialogElement) new Session()
