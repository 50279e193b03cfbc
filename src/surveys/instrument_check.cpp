#include "instrument_check.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace pyro::surveys {
namespace {

std::string shortest(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

Status check_bands(const Instrument& instrument, const Scale& scale, const std::string& where) {
  const auto wrong = [&where](const std::string& what) { return bad_input(where + ": " + what); };
  if (scale.bands.empty()) return {};
  const double least = instrument.least(scale), greatest = instrument.greatest(scale);
  if (scale.bands.front().from != least)
    return wrong("its first cut-off is " + shortest(scale.bands.front().from) + ", its least score " +
                 shortest(least) + "; the bands must cover every score");
  std::optional<Category> last;
  for (std::size_t i = 0; i < scale.bands.size(); ++i) {
    const Band& band = scale.bands[i];
    if (i > 0 && !(band.from > scale.bands[i - 1].from))
      return wrong("its cut-offs do not rise: " + shortest(band.from) + " stands after " +
                   shortest(scale.bands[i - 1].from));
    if (band.from > greatest)
      return wrong("the cut-off " + shortest(band.from) + " lies above its greatest score, " +
                   shortest(greatest));
    if (last && band.category && *band.category <= *last)
      return wrong("the category \"" + std::string(name_of(*band.category)) + "\" comes after \"" +
                   std::string(name_of(*last)) + "\"; categories are levels of the score and rise with it");
    if (band.category) last = band.category;
  }
  if (!last) return wrong("none of its bands has a category; write cutoffs.none and why");
  return {};
}

Status check_scales(const Instrument& instrument, const std::string& name) {
  std::map<int, std::string> taken;
  std::set<std::string> ids;
  for (const Scale& scale : instrument.scales) {
    const std::string where = name + ", scale \"" + scale.id + "\"";
    if (!ids.insert(scale.id).second) return bad_input(where + " comes twice; ids must differ");
    if (scale.total && instrument.keep_apart)
      return bad_input(where + " is a total, but keep_apart says that the scales must never be added to one");
    for (const int item : scale.items) {
      if (item > instrument.items)
        return bad_input(where + " has item " + std::to_string(item) + ", but there are only " +
                         std::to_string(instrument.items) + " items");
      if (scale.total) continue;
      const auto [other, first] = taken.emplace(item, scale.id);
      if (!first)
        return bad_input(where + " has item " + std::to_string(item) + ", which stands in \"" +
                         other->second + "\" already; an item belongs to one subscale");
    }
    if (scale.minimum_answered > static_cast<int>(scale.items.size()))
      return bad_input(where + " wants " + std::to_string(scale.minimum_answered) + " answers and has only " +
                       std::to_string(scale.items.size()) + " items");
    if (const Status good = check_bands(instrument, scale, where); !good) return good;
  }
  for (int item = 1; item <= instrument.items; ++item) {
    const bool used = std::ranges::any_of(instrument.scales, [item](const Scale& scale) {
      return std::ranges::find(scale.items, item) != scale.items.end();
    });
    if (!used) return bad_input(name + ": item " + std::to_string(item) + " stands in no scale");
  }
  return {};
}

Status check_own_wording(const Instrument& instrument, const std::string& name) {
  if (!instrument.wording.empty() && instrument.licence != "own")
    return bad_input(name + ": holds wording, but its licence is \"" + instrument.licence + "\" (" +
                     instrument.licence_holder +
                     "); take it out, and let each site import what it is licensed for");
  for (const auto& [language, wording] : instrument.wording) {
    const auto answers = static_cast<std::size_t>(instrument.answer_max - instrument.answer_min + 1);
    if (wording.items.size() != static_cast<std::size_t>(instrument.items) ||
        wording.answers.size() != answers)
      return bad_input(std::string(name).append(": the wording \"").append(language).append("\" must have ") +
                       std::to_string(instrument.items) + " items and " + std::to_string(answers) +
                       " answers");
  }
  return {};
}

}  // namespace

Status check_instrument(const Instrument& instrument, const std::string& name) {
  if (instrument.answer_min >= instrument.answer_max)
    return bad_input(name + ": answers.min must be less than answers.max");
  for (const int item : instrument.reverse) {
    if (item > instrument.items)
      return bad_input(name + ": reverse names item " + std::to_string(item) + ", but there are only " +
                       std::to_string(instrument.items) + " items");
  }
  if (const Status good = check_scales(instrument, name); !good) return good;
  return check_own_wording(instrument, name);
}

}  // namespace pyro::surveys
