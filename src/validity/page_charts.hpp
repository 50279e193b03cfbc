// The pictures of a validation's page.
#pragma once

#include "pyro/html/page.hpp"
#include "pyro/validity/validation.hpp"

namespace pyro::validity {

// Survey over score, with the line and the band in which it lies.
[[nodiscard]] html::Html scatter_chart(const Validation& validation);
// Bland–Altman: difference over mean, with bias and limits.
[[nodiscard]] html::Html difference_chart(const Validation& validation);
// Score and survey of each person over time; nothing where nobody has three sessions.
[[nodiscard]] html::Html trend_charts(const Validation& validation);

}  // namespace pyro::validity
