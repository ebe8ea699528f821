// While something takes time the page says so; after a part of it was replaced the focus is where it was; and "Back" leads to the
// very list that one came from, with its filters and at the same place. The pages work without this file.

const SOON = 1000
const LONG = 5000

class Waiting {
  constructor () {
    this.count = 0
    this.bar = document.createElement('div')
    this.bar.className = 'app-waiting'
    this.bar.hidden = true
    this.bar.setAttribute('role', 'progressbar')
    this.bar.setAttribute('aria-label', 'Loading')
    this.said = document.createElement('p')
    this.said.className = 'app-waiting__words'
    this.said.setAttribute('role', 'status')
    document.body.append(this.bar, this.said)
    document.addEventListener('app:wait', () => this.begin())
    document.addEventListener('app:done', () => this.end())
    document.addEventListener('htmx:beforeRequest', (event) => { if (asked(event)) this.begin() })
    document.addEventListener('htmx:afterRequest', (event) => { if (asked(event)) this.end() })
    window.addEventListener('beforeunload', () => this.begin())
    window.addEventListener('pageshow', () => this.clear())
  }

  begin () {
    if (this.count++) return
    this.soon = setTimeout(() => this.show('Loading'), SOON)
    this.long = setTimeout(() => this.show('Still working. This takes longer than usual.'), LONG)
    this.never = setTimeout(() => this.clear(), 60000) // a download does not replace the page, so nothing else would tell
  }

  show (words) {
    this.bar.hidden = false
    this.said.textContent = words
    document.getElementById('main-content')?.setAttribute('aria-busy', 'true')
  }

  end () {
    this.count = Math.max(0, this.count - 1)
    if (!this.count) this.clear()
  }

  clear () {
    this.count = 0
    for (const timer of [this.soon, this.long, this.never]) clearTimeout(timer)
    this.bar.hidden = true
    this.said.textContent = ''
    document.getElementById('main-content')?.removeAttribute('aria-busy')
  }
}

// Whether a person asked for it; what a page asks for by itself every few seconds is quiet.
const asked = (event) => event.detail.requestConfig?.triggeringEvent instanceof Event

// A file: said in words beside its link from the first moment to the last, because the page stays.
class Download {
  constructor (link) {
    this.link = link
    this.said = document.createElement('span')
    this.said.className = 'app-quiet app-download'
    this.said.setAttribute('role', 'status')
    link.after(this.said)
    link.addEventListener('click', (event) => this.onClick(event))
  }

  async onClick (event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
    event.preventDefault()
    if (this.busy) return
    this.busy = true
    this.say('Preparing the file')
    document.dispatchEvent(new Event('app:wait'))
    try {
      const answer = await fetch(this.link.href, { credentials: 'same-origin', redirect: 'manual' })
      if (!answer.ok) return window.location.assign(this.link.href)
      const file = await answer.blob()
      const named = /filename="?([^";]+)"?/.exec(answer.headers.get('Content-Disposition') || '')
      const address = URL.createObjectURL(file)
      const save = document.createElement('a')
      save.href = address
      save.download = named ? named[1] : this.link.pathname.split('/').pop()
      save.click()
      setTimeout(() => URL.revokeObjectURL(address), 10000)
      document.dispatchEvent(new Event('app:active'))
      this.say(`Downloaded, ${Math.max(1, Math.round(file.size / 1000)).toLocaleString('en-GB')} kB`)
    } catch {
      this.say('The file could not be fetched. Check the connection and try again.')
    } finally {
      this.busy = false
      document.dispatchEvent(new Event('app:done'))
    }
  }

  say (words) { this.said.textContent = ` ${words}` }
}

// After a swap: focus that was inside goes back to the same control, or to the heading of what is new; and what came is said.
class Swaps {
  constructor () {
    this.aloud = document.createElement('p')
    this.aloud.className = 'govuk-visually-hidden'
    this.aloud.setAttribute('aria-live', 'polite')
    document.body.append(this.aloud)
    this.said = announcement()
    document.addEventListener('htmx:beforeSwap', (event) => this.before(event))
    document.addEventListener('htmx:afterSettle', (event) => this.after(event))
  }

  before (event) {
    const one = document.activeElement
    const inside = event.detail.target.contains(one) && one !== document.body
    this.was = inside ? { id: one.id, path: pathOf(one, event.detail.target), top: one.scrollTop, left: one.scrollLeft } : null
    this.target = event.detail.target.id
  }

  after (event) {
    const region = document.getElementById(this.target) || event.detail.elt
    if (!region) return
    if (this.was && !document.activeElement?.closest(`#${CSS.escape(region.id || 'main-content')}`)) this.restore(region)
    this.was = null
    const words = announcement()
    if (words && words !== this.said) this.aloud.textContent = this.said = words
  }

  restore (region) {
    const same = (this.was.id && document.getElementById(this.was.id)) || this.was.path.reduce((one, [tag, place]) => one && [...one.children].filter((child) => child.tagName === tag)[place], region)
    const to = same && same !== region ? same : region.querySelector('h1, h2, h3, caption') || region
    if (!to.matches('a[href], button, input, select, textarea, summary, [tabindex]')) to.tabIndex = -1
    to.focus({ preventScroll: true })
    to.scrollTop = this.was.top
    to.scrollLeft = this.was.left
  }
}

// What a part that is replaced has to say for itself, where it says so.
const announcement = () => document.querySelector('[data-announce]')?.textContent.trim()

// The way from a region down to one of its elements, by kind and place.
function pathOf (one, region) {
  const path = []
  for (; one && one !== region; one = one.parentElement) {
    path.unshift([one.tagName, [...one.parentElement.children].filter((child) => child.tagName === one.tagName).indexOf(one)])
  }
  return path
}

// The nearest earlier page with this address and at least its filters; never an answer to a form, which would be sent again.
function earlier (link) {
  const entries = window.navigation?.entries?.() || []
  const here = window.navigation?.currentEntry?.index ?? 0
  const asked = [...new URLSearchParams(link.search)]
  const same = (url) => url.pathname === link.pathname && asked.every(([name, value]) => url.searchParams.get(name) === value)
  return entries.slice(0, here).reverse().find((entry) => same(new URL(entry.url)) && !entry.getState()?.posted)
}

function goBack (event) {
  const link = event.target.closest?.('a.govuk-back-link')
  if (!link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return
  const entry = earlier(link)
  if (!entry) return
  event.preventDefault()
  window.navigation.traverseTo(entry.key)
}

if ('posted' in document.body.dataset) window.navigation?.updateCurrentEntry?.({ state: { posted: true } })
new Waiting()
new Swaps()
for (const link of document.querySelectorAll('main a[href$=".csv"], main a[href*=".csv?"]')) new Download(link)
document.addEventListener('click', goBack)
