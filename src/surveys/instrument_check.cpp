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

// Faults of one part of the definition: where it stands, and what it is called.
class Part {
 public:
  Part(std::vector<Fault>& faults, std::string at, std::string name)
      : faults_(faults), at_(std::move(at)), name_(std::move(name)) {}

  void add(const std::string& at, const char* rule, const std::string& is,
           std::optional<double> value = {}) const {
    faults_.push_back({at_ + at, rule, name_ + is, value});
  }

 private:
  std::vector<Fault>& faults_;
  std::string at_, name_;
};

void check_bands(const Instrument& instrument, const Scale& scale, const Part& part) {
  if (scale.bands.empty()) return;
  const double least = instrument.least(scale), greatest = instrument.greatest(scale);
  if (scale.bands.front().from != least)
    part.add("/cutoffs/bands/0/from", "first-cutoff",
             ": its first cut-off is " + shortest(scale.bands.front().from) + ", its least score " +
                 shortest(least) + "; the bands must cover every score",
             least);
  std::optional<Category> last;
  for (std::size_t i = 0; i < scale.bands.size(); ++i) {
    const Band& band = scale.bands[i];
    const std::string at = "/cutoffs/bands/" + std::to_string(i);
    if (i > 0 && !(band.from > scale.bands[i - 1].from))
      part.add(at + "/from", "cutoffs-rise",
               ": its cut-offs do not rise: " + shortest(band.from) + " stands after " +
                   shortest(scale.bands[i - 1].from),
               scale.bands[i - 1].from);
    if (band.from > greatest)
      part.add(
          at + "/from", "cutoff-above",
          ": the cut-off " + shortest(band.from) + " lies above its greatest score, " + shortest(greatest),
          greatest);
    if (last && band.category && *band.category <= *last)
      part.add(at + "/category", "category-order",
               ": the category \"" + std::string(name_of(*band.category)) + "\" comes after \"" +
                   std::string(name_of(*last)) + "\"; categories are levels of the score and rise with it");
    if (band.category) last = band.category;
  }
  if (!last)
    part.add("/cutoffs", "no-category", ": none of its bands has a category; write cutoffs.none and why");
}

void check_scales(const Instrument& instrument, std::vector<Fault>& faults) {
  std::map<int, std::string> taken;
  std::set<std::string> ids;
  for (std::size_t i = 0; i < instrument.scales.size(); ++i) {
    const Scale& scale = instrument.scales[i];
    const Part part(faults, "/scales/" + std::to_string(i), "scale \"" + scale.id + "\"");
    if (!ids.insert(scale.id).second) part.add("/id", "twice", " comes twice; ids must differ");
    if (scale.total && instrument.keep_apart)
      part.add("/kind", "kept-apart",
               " is a total, but keep_apart says that the scales must never be added to one");
    for (const int item : scale.items) {
      if (item > instrument.items)
        part.add("/items", "unknown-item",
                 " has item " + std::to_string(item) + ", but there are only " +
                     std::to_string(instrument.items) + " items",
                 item);
      if (scale.total) continue;
      const auto [other, first] = taken.emplace(item, scale.id);
      if (!first)
        part.add("/items", "two-subscales",
                 " has item " + std::to_string(item) + ", which stands in \"" + other->second +
                     "\" already; an item belongs to one subscale",
                 item);
    }
    if (scale.minimum_answered > static_cast<int>(scale.items.size()))
      part.add("/minimum_answered", "more-than-items",
               " wants " + std::to_string(scale.minimum_answered) + " answers and has only " +
                   std::to_string(scale.items.size()) + " items",
               static_cast<double>(scale.items.size()));
    check_bands(instrument, scale, part);
  }
  for (int item = 1; item <= instrument.items; ++item) {
    const bool used = std::ranges::any_of(instrument.scales, [item](const Scale& scale) {
      return std::ranges::find(scale.items, item) != scale.items.end();
    });
    if (!used)
      Part(faults, "", "item " + std::to_string(item))
          .add("/items", "in-no-scale", " stands in no scale", item);
  }
}

void check_wording(const Instrument& instrument, Home home, std::vector<Fault>& faults) {
  const Part part(faults, "/wording", "");
  if (!instrument.wording.empty() && instrument.licence != "own" && home == Home::shipped)
    part.add("", "wording-of-another",
             "holds wording, but its licence is \"" + instrument.licence + "\" (" +
                 instrument.licence_holder +
                 "); take it out, and let each site import what it is licensed for");
  for (const auto& [language, wording] : instrument.wording) {
    const auto answers = static_cast<std::size_t>(instrument.answer_max - instrument.answer_min + 1);
    if (wording.items.size() != static_cast<std::size_t>(instrument.items) ||
        wording.answers.size() != answers)
      part.add(std::string("/").append(language), "wording-count",
               std::string("the wording \"").append(language).append("\" must have ") +
                   std::to_string(instrument.items) + " items and " + std::to_string(answers) + " answers");
  }
}

}  // namespace

std::vector<Fault> instrument_faults(const Instrument& instrument, Home home) {
  std::vector<Fault> faults;
  const Part whole(faults, "", "");
  if (instrument.answer_min >= instrument.answer_max)
    whole.add("/answers/max", "answers-order", "answers.min must be less than answers.max");
  for (const int item : instrument.reverse) {
    if (item > instrument.items)
      whole.add("/reverse", "unknown-item",
                "reverse names item " + std::to_string(item) + ", but there are only " +
                    std::to_string(instrument.items) + " items",
                item);
  }
  check_scales(instrument, faults);
  check_wording(instrument, home, faults);
  return faults;
}

}  // namespace pyro::surveys
