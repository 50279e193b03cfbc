// The F distribution.
#pragma once

namespace pyro::surveys {

// The value below which the share p of the F distribution with d1 and d2 degrees of freedom lies; 0 < p < 1.
[[nodiscard]] double f_quantile(double p, double d1, double d2);

}  // namespace pyro::surveys
