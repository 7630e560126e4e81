// Looks words up in the index and ranks what says them. ask.js fetches this, search-results.js shows it.
(() => {
  "use strict";
  const VERSION = 5;
  const KINDS = ["story", "question", "guide", "category", "principle"];
  const OTHERS = 3; // of each kind but stories

  // Words, exactly as starbook/text/tokenizer.py has them: a test compares the two.
  const W = "0-9a-z\\u0080-\\u{10ffff}";
  const SOLID = "\\u0e00-\\u0eff\\u1000-\\u109f\\u1780-\\u17ff\\u3040-\\u30ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7af\\u{20000}-\\u{3ffff}";
  const CHUNK = RegExp(`\\$?[${W}]+(?:[-/'_.,&+][${W}]+)*(?:%|\\+\\+|#)?`, "gu");
  const NUMBER = `([0-9](?<![${W}][0-9])[0-9]*(?:[.,][0-9]+)*)`;
  const UNIT = "[mnμ]?s|secs?|mins?|hrs?|[kmgtp]i?b|bn|mn|[ckm]?m|kg|[kmg]?hz|[kmg]?wh?|[rqtf]ps|[dghkltx]|p[ptx]|eur|usd|gbp|chf|€|£";
  const GAP = RegExp(`${NUMBER}[ \\n]+(?=%|(?:${UNIT})(?![${W}]))`, "gu");
  const MEASURE = RegExp(`^${NUMBER}(${UNIT})$`, "u");
  const POSSESSIVE = RegExp(`'s(?![${W}])`, "gu");
  const RUN = RegExp(`[${SOLID}]+|[^${SOLID}]+`, "gu");
  const IS_SOLID = RegExp(`[${SOLID}]`, "u");
  const fold = (text) => text.normalize("NFKD").toLowerCase()
    .replace(/[\u0300-\u036f]/g, "").replace(/ς/g, "σ").replace(/ß/g, "ss").replace(/’/g, "'").replace(/\u2010/g, "-")
    .replace(/[^\0-\x7f\p{L}\p{N}\p{M}€£¥₹]/gu, " ").normalize("NFC");
  const chunks = (text) => fold(text).replace(GAP, "$1").match(CHUNK) ?? [];
  const apart = (part) => part.match(RUN).flatMap((run) => {
    const letters = [...run];
    if (letters.length < 2 || !IS_SOLID.test(run)) return [run];
    return letters.slice(1).map((letter, i) => letters[i] + letter);
  });
  const cut = (chunk) => {
    const whole = chunk.replace(POSSESSIVE, "").replaceAll("'", "").replace(/([0-9]),(?=[0-9]{3}(?![0-9]))/g, "$1");
    const bare = whole.replace(/^[$€£¥₹]|(?:%|\+\+|#)$/g, "");
    const parts = bare.split(/[-/_,&+]|\.(?![0-9])/).filter(Boolean);
    const found = parts.flatMap((part) => [...(part.match(MEASURE)?.slice(1) ?? []), ...apart(part)]);
    if (parts.length > 1 && !IS_SOLID.test(whole)) found.push(parts.join(""));
    else if (bare !== whole) found.push(whole);
    return found.filter((word) => [...word].length <= 40);
  };
  const split = (text) => chunks(text).flatMap(cut);

  // The index. Its numbers are written in letters and digits, as starbook/search/postings.py explains.
  const DIGIT = new Uint8Array(128);
  [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"].forEach((c, i) => { DIGIT[c.charCodeAt()] = i; });
  let at = 0;
  const number = (text) => {
    for (let value = 0, unit = 1; ; unit *= 31) {
      const digit = DIGIT[text.charCodeAt(at++)];
      if (digit < 31) return value + digit * unit;
      value += (digit - 31) * unit;
    }
  };
  const next = (text, count) => {
    const found = [];
    while (count--) found.push(number(text));
    return found;
  };
  const numbers = (text, count) => { at = 0; return next(text, count); };
  const lists = (text, count) => {
    const found = [];
    for (at = 0; count--;) found.push(next(text, number(text)));
    return found;
  };

  const places = (text, first = 0) => {
    const found = new Set();
    at = 0;
    for (let place = first - 1; at < text.length;) found.add(place += number(text) + 1);
    return found;
  };

  const [[version, asides, joining, common, beginnings, rules, ...ours] = [], said = [], counted = []] = starbook.given;
  const named = (names, values) => Object.fromEntries(names.split(" ").map((name, i) => [name, values[i]]));
  const index = {
    ...named("ids titles wordings words groups", said),
    ...named("private shard counts marks owners under chosen drafts resting answered forms sizes postings ours", counted),
  };
  const file = "search-index.js", { t } = starbook;
  const broken = !version ? t("ask.file_missing", { file }) : version !== VERSION ? t("ask.file_version", { file }) : "";
  let words, stems, starts, stories, total, all, owners, under, chosen, drafts, resting, answered, answers, groups, firsts, own, phrases, beginning;
  const open = () => {
    words = index.words.split(" q0 ");
    let count = 0;
    stems = numbers(index.forms, words.length).map((back) => back ? count - back : count++);
    starts = [0];
    for (const size of numbers(index.sizes, count)) starts.push(starts.at(-1) + size);
    stories = index.counts[0];
    total = index.ids.length;
    firsts = [0];
    for (const kind of index.counts) firsts.push(firsts.at(-1) + kind);
    owners = numbers(index.owners, index.wordings.length).map((place) => place + stories);
    all = total + owners.length;
    under = lists(index.under, stories);
    chosen = lists(index.chosen, index.counts[1]);
    drafts = places(index.drafts);
    resting = places(index.resting);
    answered = places(index.answered, stories);
    answers = owners.flatMap((owner, i) => answered.has(owner) ? [[owner, new Set(split(index.wordings[i]))]] : []);
    beginning = RegExp(`^(?:${Object.keys(beginnings).join("|")})`);
    for (const rule of rules) rule[0] = RegExp(rule[0]);
    own = new Map(numbers(index.ours, ours[0].length).flatMap((stem, i) => [[american(ours[0][i]), stem], [ours[0][i], stem]]));
    groups = [...ours[1], ...index.groups];
    phrases = new Map();
    groups.forEach((group, which) => {
      for (const phrase of group) {
        const end = phrase.indexOf(" "), first = stemOf(end < 0 ? phrase : phrase.slice(0, end));
        if (phrases.has(first)) phrases.get(first).push([phrase, which]);
        else phrases.set(first, [[phrase, which]]);
      }
    });
  };
  const openings = asides?.map((aside) => aside.split(" ")).sort((a, b) => b.length - a.length);
  const joins = new Set(joining), commons = new Set(common);
  const kindOf = (place) => firsts.findLastIndex((first) => first <= place);

  // Where a word stands, or would stand.
  const find = (word) => {
    let low = 0, high = words.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (words[middle] < word) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const memo = (make) => {
    const made = new Map();
    return (it) => {
      if (!made.has(it)) made.set(it, make(it));
      return made.get(it);
    };
  };
  // A word in American spelling, exactly as starbook/text/spelling.py has it.
  const american = memo((word) => rules.reduce((it, [part, to]) => it.replace(part, `$1${to}`), word.replace(beginning, (it) => beginnings[it])));
  // The stem of a word that the index has in another spelling, or -1.
  const respelled = memo((word) => {
    if (!/^[a-z]{4,}$/.test(word)) return -1;
    const wanted = american(word), start = word.slice(0, 2);
    if (own.has(wanted)) return own.get(wanted);
    for (let i = find(start); words[i]?.startsWith(start); i++) {
      if (Math.abs(words[i].length - word.length) < 4 && american(words[i]) === wanted) return stems[i];
    }
    return -1;
  });
  const stemOf = (word) => {
    const stem = own.get(word), i = stem ?? find(word);
    return stem ?? (words[i] === word ? stems[i] : respelled(word));
  };

  // How many letters to change; of a word that is still being typed, only as far as it goes.
  const distance = (a, b, most, typing) => {
    let before, last, row = Array.from({ length: b.length + 1 }, (_, j) => j);
    for (let i = 1; i <= a.length; i++) {
      [before, last, row] = [last, row, [i]];
      for (let j = 1; j <= b.length; j++) {
        row[j] = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] !== b[j - 1]));
        if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] && i > 1) row[j] = Math.min(row[j], before[j - 2] + 1);
      }
      if (Math.min(...row) > most) return Infinity;
    }
    return typing ? Math.min(...row.slice(-1 - 2 * most)) : row[b.length];
  };

  let masks;
  const mask = (word) => {
    let letters = 0;
    for (let i = 0; i < word.length; i++) letters |= 1 << (word.charCodeAt(i) & 31);
    return letters;
  };
  const lacks = (letters, most) => {
    for (; letters && most; most--) letters &= letters - 1;
    return letters;
  };

  // The stems that a typed word may mean, and how much each counts: the word itself; else what
  // begins so; else other endings; else what is mistyped.
  const END = /(?:ing|ed|er|s|ies|y|ied|ion|ment|ly|e|al|able|ity)s?$/;
  const meaning = (word, typing) => {
    const found = new Map();
    const begun = (start, weight, fits = () => true) => {
      const ranges = [];
      for (let i = find(start); i < words.length && words[i].startsWith(start); i++) if (fits(words[i])) ranges.push(stems[i]);
      // A letter or two begin a thousand words: those that stand in most things are enough.
      const kept = [...new Set(ranges)];
      if (kept.length > 48) kept.sort((a, b) => starts[b + 1] - starts[b] - starts[a + 1] + starts[a]).splice(48);
      for (const stem of kept) found.set(stem, weight);
    };
    const exact = stemOf(word);
    if (exact >= 0) return found.set(exact, 1);
    if (typing || word.length > 3) begun(word, 0.7);
    const base = word.replace(END, "");
    if (!found.size && base.length > 3) begun(base, 0.8, (other) => other.replace(END, "") === base);
    const letters = mask(word), typo = word.length > 3 && !/[0-9]/.test(word); // another number is not meant
    masks ??= [words, ours[0]].map((list) => [list, Int32Array.from(list, mask)]);
    for (let near = 1; near <= (word.length > 7 ? 2 : 1) && !found.size && typo; near++) {
      for (const [list, has] of masks) list.forEach((other, i) => {
        const longer = other.length - word.length;
        // First what is cheap to see: letters that the other one does not have at all.
        if (longer < -near || (!typing && longer > near) || lacks(letters & ~has[i], near)) return;
        if (distance(word, other, near, typing) <= near) found.set(stemOf(other), 0.7);
      });
    }
    return found;
  };
  const known = new Map(); // a query grows by a letter: its other words are looked up but once
  const meant = (word, typing) => {
    const key = word + (typing ? "…" : "");
    if (!known.has(key)) known.set(key, meaning(word, typing));
    return known.get(key);
  };

  // Months by their names in the language of the page and in English.
  const months = memo(() => new Map(["en", document.documentElement.lang].flatMap((lang) => ["short", "long"].flatMap((month) =>
    Array.from({ length: 12 }, (_, i) => [split(new Intl.DateTimeFormat(lang, { month, timeZone: "UTC" }).format(Date.UTC(2000, i)))[0], String(i + 1).padStart(2, 0)])))));
  // A date in words is asked by its number as well, and the other way round, where the index has it.
  const dated = (query) => query
    .replace(/([\p{L}\p{M}]{3,})[.,]? (\d{4})(?!\d)/gu, (all, name, year) => {
      const month = months().get(split(name)[0]);
      return month && stemOf(year + month) >= 0 ? `${year}-${month} ${all}` : all;
    })
    .replace(/(?<![\d-])(\d{4})-(\d\d)(?![\d-])/g, (all, year, month) =>
      [...[...months()].filter(([name, number]) => number === month && stemOf(name) >= 0).slice(-1).map(([name]) => `${name} ${year}`), all].join(" "));

  // A query as units: a word, or a phrase we know, with everything that may stand for it.
  const units = (query) => {
    const said = chunks(dated(query)).flatMap((chunk) => {
      const found = cut(chunk);
      return found.length > 1 && stemOf(found.at(-1)) >= 0 ? found.slice(-1) : found;
    });
    const kept = [];
    for (let i = 0; i < said.length;) {
      const aside = openings.find((phrase) => phrase.every((word, j) => said[i + j] === word));
      if (aside) i += aside.length;
      else kept.push(said[i++]);
    }
    if (!kept.length) kept.push(...said); // nothing but "tell me about": then that is what is asked
    const telling = new Set(kept.some((word) => !joins.has(word)) ? kept.filter((word) => !joins.has(word)) : kept);
    const typing = (i) => i === kept.length - 1 && !/\s$/.test(query);
    // A word that is mistyped, or not typed to its end, is read as the one it can be.
    const line = kept.map((word, i) => {
      const stem = stemOf(word), found = stem < 0 ? [...meant(word, typing(i)).keys()] : [];
      return found.length === 1 ? found[0] : stem;
    });
    const spans = [];
    for (let i = 0; i < line.length;) {
      const found = (line[i] < 0 ? [] : phrases.get(line[i]) ?? []).map(([phrase, which]) => ({ key: phrase.split(" ").map(stemOf), which }))
        .filter(({ key }) => key.every((stem, j) => line[i + j] === stem));
      const size = Math.max(1, ...found.map(({ key }) => key.length));
      if (size > 1 || telling.has(kept[i])) spans.push({ i, size, groups: found.filter(({ key }) => key.length === size).map(({ which }) => which) });
      i += size;
    }
    // Words of one meaning count once, however often the query says it.
    const used = new Set();
    for (const span of [...spans].sort((a, b) => b.size - a.size)) {
      span.groups = span.groups.filter((which) => !used.has(which) && used.add(which));
    }
    return spans.map(({ i, size, groups: same }) => {
      const own = kept.slice(i, i + size), meanings = [];
      const tell = (list) => list.filter((word) => !joins.has(word)).map(stemOf);
      const add = (stems, weight, via) => { if (stems.length && stems.every((stem) => stem >= 0)) meanings.push({ stems, weight, via }); };
      const worth = own.every((word) => commons.has(word)) ? 0.3 : 1;
      if (size > 1) add(tell(own), 1.5);
      else for (const [stem, weight] of meant(own[0], typing(i))) add([stem], weight * worth);
      // Our lists begin with what says it best, and a word by itself is too little to mean a phrase
      // of theirs; the lists that a person wrote mean what they say.
      for (const which of same) groups[which].forEach((phrase, rank) => {
        const parts = phrase.split(" "), stems = tell(parts), given = which >= ours[1].length;
        if (!given && parts.length > 1 && (size < 2 || (stems.length < 2 && parts.some((word) => commons.has(word))))) return;
        add(stems, given ? 0.8 : (size < 2 ? 0.35 : stems.length > 1 ? 1 : 0.8) * (rank < 5 ? 1 : 0.7), phrase);
      });
      return { own, worth, meanings };
    });
  };

  // What each thing comes to. A wording in which a topic is asked speaks for the topic's stories,
  // and a question for those that were chosen for it.
  const score = (query) => {
    const asked = units(query);
    const scores = new Float32Array(all), hits = new Float32Array(all);
    const whole = asked.reduce((sum, { worth }) => sum + worth, 0);
    for (const { meanings, worth } of asked) {
      const best = new Float32Array(all);
      for (const { stems: parts, weight } of meanings) {
        const each = new Set(parts), size = each.size;
        const sum = size > 1 && new Float32Array(all), seen = sum && new Uint8Array(all);
        for (const stem of each) {
          at = starts[stem];
          for (let place = -1; at < starts[stem + 1];) {
            place += number(index.postings) + 1;
            const value = (place < total ? weight / size ** 0.25 : Math.max(weight, 0.35)) * DIGIT[index.postings.charCodeAt(at++)];
            if (sum) { sum[place] += value; seen[place]++; } else if (value > best[place]) best[place] = value;
          }
        }
        for (let i = 0; sum && i < all; i++) if (seen[i] === size && sum[i] > best[i]) best[i] = sum[i];
      }
      for (let i = 0; i < all; i++) if (best[i]) { scores[i] += best[i]; hits[i] += worth; }
    }
    const close = new Float32Array(total), wording = new Map();
    owners.forEach((owner, i) => {
      const value = Math.min(1, scores[total + i] / 61) * (hits[total + i] / whole) ** 0.3;
      if (value > close[owner]) { close[owner] = value; wording.set(owner, index.wordings[i]); }
    });
    const question = new Map();
    for (let place = 0; place < stories; place++) {
      let first = 0, second = 0;
      for (const topic of under[place]) {
        if (close[topic] > first) [first, second] = [close[topic], first];
        else if (close[topic] > second) second = close[topic];
      }
      scores[place] += 40 * first ** 1.3 + 15 * second ** 1.3;
    }
    chosen.forEach((list, i) => {
      const value = close[stories + i] ** 2;
      for (const place of list) {
        scores[place] += 60 * value;
        if (value > 0.3 && !(close[question.get(place)] >= close[stories + i])) question.set(place, stories + i);
      }
    });
    for (let place = stories; place < total; place++) scores[place] += 60 * close[place];
    return { scores, asked, close, wording, question };
  };

  // The question that has an answer of its own and is asked nearly as it is worded, or 0. Words such
  // as "yourself" count here: some questions have no others.
  const askedFor = (query, close) => {
    const said = new Set(split(query));
    let asked = 0, most = 0.55;
    for (let place = stories; place < firsts[2]; place++) if (close[place] > most) [asked, most] = [place, close[place]];
    for (const [place, own] of answers) {
      const shared = [...own].filter((word) => said.has(word)).length / Math.max(own.size, said.size);
      if (shared >= 0.8 && shared > most) [asked, most] = [place, shared];
    }
    return answered.has(asked) ? asked : 0;
  };

  // The places of each kind, best first; a draft stands behind the best story that is ready, and one that
  // rests behind all others.
  const rank = (query) => {
    const found = score(query), { scores } = found;
    found.kinds = index.counts.map((count, kind) => {
      const places = [], own = scores.subarray(firsts[kind], firsts[kind + 1]);
      const least = (kind ? 0.4 : 0.2) * own.reduce((most, value, i) => (value > most && !resting.has(firsts[kind] + i) ? value : most), 0);
      own.forEach((value, i) => { if (value > least) places.push(firsts[kind] + i); });
      places.sort((a, b) => resting.has(a) - resting.has(b) || scores[b] - scores[a] || a - b);
      const ready = kind ? -1 : places.findIndex((place) => !drafts.has(place) && !resting.has(place));
      if (ready > 0) places.unshift(...places.splice(ready, 1));
      return places;
    });
    found.answer = askedFor(query, found.close);
    return found;
  };

  // What stands in quotes is looked for word by word; the texts of results are read for it.
  const asWords = (text) => ` ${chunks(text).join(" ").replace(/[-/_]/g, " ")} `;
  const QUOTED = /["“”„«»]([^"“”„«»]+)["“”«»]/gu;
  const quoted = (query) => [...query.matchAll(QUOTED)]
    .map(({ 1: said }) => asWords(said)).filter((said) => said.trim()).map((said) => (IS_SOLID.test(said) ? said.trim() : said));
  // The places that have all words of phrases, in whatever order.
  const having = (phrases) => {
    const wanted = new Set(phrases.flatMap(split).filter((word) => !joins.has(word)).map(stemOf));
    const seen = new Uint8Array(total);
    for (const stem of wanted) {
      at = starts[stem];
      for (let place = -1; at < starts[stem + 1]; at++) {
        place += number(index.postings) + 1;
        if (place < total) seen[place]++;
      }
    }
    return [...seen.keys()].filter((place) => seen[place] === wanted.size);
  };
  const usable = () => { if (broken) throw Error(broken); };
  starbook.find = (query, limit = 20) => {
    usable();
    const { kinds: [first, ...rest], scores } = rank(String(query));
    const others = rest.flatMap((places) => places.slice(0, OTHERS)).slice(0, Math.max(limit - first.length, Math.floor(limit / 3)));
    return [...first.slice(0, limit - others.length), ...others]
      .map((place) => ({ kind: KINDS[kindOf(place)], id: index.ids[place], score: scores[place] }));
  };
  if (!broken) open();
  Object.assign(starbook, { split, american, engine: { broken, memo, chunks, split, stemOf, kindOf, rank, asWords, QUOTED, quoted, having, index, owners, under, chosen, drafts, firsts, OTHERS } });
})();
