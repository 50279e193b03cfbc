// Who has answered when: a person cannot answer twice at the same time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "pyro/surveys/response.hpp"

namespace pyro::surveys {

class PeopleAndTimes {
 public:
  // Where the same person's response of the same time stood; none: there was none yet, and `where` is kept.
  std::optional<std::string> before(const Response& response, const std::string& where) {
    const auto [place, first] = seen_.emplace(std::pair{response.person, response.time}, where);
    return first ? std::nullopt : std::optional(place->second);
  }

 private:
  std::map<std::pair<std::string, UtcTime>, std::string> seen_;
};

}  // namespace pyro::surveys
