// Draft autosave: a form with data-draft-url is saved from the first keystroke, so that a time-out loses nothing.
// The page works without this file; it only adds the saving.

const WAIT = 600
const RETRY = 20000
const UNSAVED = ['csrfmiddlewaretoken', 'once']

class Draft {
  constructor (form) {
    this.form = form
    this.status = form.querySelector('[data-draft-status]') || this.addStatus()
    this.timer = null
    this.again = null
    this.sending = false
    this.last = this.text()
    this.signedOut = false
    this.submitted = false
    form.addEventListener('input', () => this.later())
    form.addEventListener('change', () => this.later())
    form.addEventListener('focusout', () => this.now())
    form.addEventListener('submit', (event) => this.onSubmit(event))
    document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' ? this.now() : this.back())
    window.addEventListener('pagehide', () => this.now(true))
    window.addEventListener('online', () => this.now())
    window.addEventListener('pageshow', (event) => event.persisted ? this.submitted = false : this.onArrival())
  }

  // Going back brings the browser's copy of what was sent, under a new key: shown instead is what the server knows.
  onArrival () {
    if (performance.getEntriesByType('navigation')[0]?.type !== 'back_forward') return
    this.form.reset()
    this.last = this.text()
  }

  addStatus () {
    const line = document.createElement('p')
    line.className = 'govuk-hint app-draft'
    line.setAttribute('role', 'status')
    this.form.querySelector('.govuk-button-group, button[type=submit]')?.before(line)
    return line
  }

  fields () {
    const body = new URLSearchParams()
    const secret = new Set([...this.form.querySelectorAll('input[type=password], [data-draft-never]')].map((one) => one.name))
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === 'string' && !secret.has(name) && !UNSAVED.includes(name)) body.append(name, value)
    }
    return body
  }

  text () { return this.fields().toString() }

  later () {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.now(), WAIT)
  }

  // One after the other: the server could finish an older one last. The page's last words do not wait.
  now (last = false) {
    clearTimeout(this.timer)
    if (!this.submitted && (last || !this.sending) && this.text() !== this.last) this.save()
  }

  async save () {
    clearTimeout(this.again)
    const text = this.text()
    this.sending = true
    let kept = false
    try {
      const answer = await fetch(this.form.dataset.draftUrl, {
        method: 'POST',
        body: new URLSearchParams(`${text}&sent_with=${this.form.elements.once?.value || ''}`),
        headers: { 'X-CSRFToken': this.token(), 'X-Requested-With': 'XMLHttpRequest' },
        credentials: 'same-origin',
        redirect: 'manual',
        keepalive: text.length < 60000, // the browser's limit for what may outlive the page
        signal: AbortSignal.timeout(RETRY)
      })
      if ((kept = answer.ok)) this.saved(text, await answer.json().catch(() => ({})))
      else if (answer.status === 413) this.refused(await answer.json())
      else if (answer.type === 'opaqueredirect' || answer.status === 401 || answer.status === 403) this.lost()
      else this.failed()
    } catch {
      this.failed()
    } finally {
      this.sending = false
    }
    if (kept) this.now()
  }

  saved (text, answer) {
    this.last = text
    this.signedOut = false
    document.dispatchEvent(new Event('app:active'))
    this.say(answer.saved_at ? `Draft saved at ${answer.saved_at}` : 'Draft saved', false)
  }

  lost () {
    this.signedOut = true
    this.say('You have been signed out, so your latest changes are not saved. Keep this page open: what you typed is still here. Sign in on another tab, then come back to this one.', true)
  }

  failed () {
    this.say('Your latest changes are not saved yet. Keep this page open: what you typed is still here, and we will try again.', true)
    this.again = setTimeout(() => this.now(), RETRY)
  }

  refused (answer) {
    this.last = this.text()
    this.say(answer.error || 'This is too long to keep as a draft.', true)
  }

  say (words, trouble) {
    if (this.status.textContent !== words) this.status.textContent = words
    this.status.classList.toggle('app-draft--trouble', trouble)
  }

  token () { return this.form.querySelector('[name=csrfmiddlewaretoken]')?.value || '' }

  // Signing in again gives new CSRF tokens: this page's are replaced by those of a fresh copy of it.
  async renew () {
    try {
      const answer = await fetch(window.location.href, { credentials: 'same-origin', redirect: 'manual' })
      if (!answer.ok) return false
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[name=csrfmiddlewaretoken]')
      if (!fresh) return false
      for (const input of document.querySelectorAll('[name=csrfmiddlewaretoken]')) input.value = fresh.value
      this.signedOut = false
      return true
    } catch {
      return false
    }
  }

  async back () {
    if (this.signedOut && await this.renew()) this.save()
  }

  async onSubmit (event) {
    clearTimeout(this.timer)
    if (!this.signedOut) {
      this.submitted = true
      return
    }
    event.preventDefault()
    const button = event.submitter
    if (await this.renew()) this.form.requestSubmit(button)
    else this.status.scrollIntoView({ block: 'center' })
  }
}

for (const form of document.querySelectorAll('form[data-draft-url]')) {
  if (form.dataset.draftUrl) new Draft(form)
}
