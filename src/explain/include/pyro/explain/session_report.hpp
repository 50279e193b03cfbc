// A session's explanation as JSON and as a page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "pyro/explain/session.hpp"
#include "pyro/html/page.hpp"

namespace pyro::explain {

// Where the numbers come from.
struct SessionSource {
  std::string name;    // the file or video, as the user gave it
  std::string models;  // "name version; …"; empty where it is not known
  score::ScoreSettings settings;
  Seconds length = kMinute;  // of a step
};

// "3:20", "1:03:20": where a step begins.
[[nodiscard]] std::string step_text(const Step& step, const SessionSource& source);
// The parts that moved most, at most `most`: "happy -0.182, sad +0.021".
[[nodiscard]] std::string movers_text(const Parts& parts, std::size_t most = 3);

// docs/formats.md says what stands in it; numbers read back to the same bits, so the parts still add up.
[[nodiscard]] nlohmann::ordered_json to_json(const PersonStory& story, const SessionSource& source);

[[nodiscard]] html::Page session_page(const std::vector<PersonStory>& stories, const SessionSource& source);

}  // namespace pyro::explain
