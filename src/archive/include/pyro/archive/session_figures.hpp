// A session's own figures out of its summary, in columns: weeks and teams are told from thousands of
// sessions, whose summaries would each have to be read.
#pragma once

#include <nlohmann/json.hpp>

#include "pyro/store/database.hpp"

namespace pyro::archive {

// Where `fields` set a summary: main_index and main_perclos of the face that was seen most, readable_share of
// its frames; null where there is none. Else nothing.
[[nodiscard]] nlohmann::json session_figures(const nlohmann::json& fields);

// Of all sessions that have a summary and no figures yet: those that ended before there were such columns.
[[nodiscard]] Status fill_session_figures(store::Connection& in);

}  // namespace pyro::archive
